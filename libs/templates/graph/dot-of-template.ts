import type { Consumer, Template, TemplateItem } from '../../contracts/template.js';

/** Colours of categories, in the order in which they first occur; after the last they begin again. */
const colours = ['#dbeafe', '#dcfce7', '#fef3c7', '#ede9fe', '#fee2e2', '#ccfbf1', '#e5e7eb'];

/** Longest text of a label; a longer one is cut. */
const longest = 90;

/** Characters of a line of a condition: what is wider hides its neighbours. */
const widest = 26;

/**
 * The graph of a template in the language DOT: items with the colour of their category, barriers with forms of their
 * own, dashed what is only done where something has failed, conditions on the edges from what they ask.
 */
export function dotOfTemplate(template: Template): string {
  const { items, consumers } = template;
  const categories = [...new Set([...items, ...consumers].map(({ category }) => category))];
  const colourOf = (category: string): string =>
    colours[categories.indexOf(category) % colours.length] ?? 'white';
  const helpers = new Set(items.flatMap(helpersOf).map(({ id }) => id));
  const implied = impliedBy(items);
  return [
    'digraph {',
    '  graph [rankdir=TB, fontname="Helvetica", fontsize=11, nodesep=0.35, ranksep=0.5, bgcolor="white"];',
    '  node [shape=box, style="filled,rounded", fontname="Helvetica", fontsize=11, color="#475569", margin="0.15,0.08"];',
    '  edge [fontname="Helvetica", fontsize=9, color="#475569", fontcolor="#334155", arrowsize=0.7];',
    ...items.map((item) => itemNode(item, colourOf(item.category), helpers.has(item.id))),
    ...items.flatMap((item) => edgesOf(item, items, implied)),
    ...consumers.flatMap((consumer) => consumerLines(consumer, template, colourOf(consumer.category))),
    ...legend(categories, colourOf),
    '}',
    '',
  ].join('\n');
}

type Attributes = Readonly<Record<string, string>>;

const quoted = (text: string): string => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;

/** A label of some lines. */
const lines = (...texts: readonly (string | undefined)[]): string =>
  texts.filter((text) => text !== undefined && text !== '').join('\n');

const cut = (text: string): string => {
  const flat = text.replaceAll(/\s+/g, ' ').trim();
  return flat.length <= longest ? flat : `${flat.slice(0, longest - 1).trimEnd()}…`;
};

/** In lines that are not wide, broken between words. */
const wrapped = (text: string): string =>
  text.split(' ').reduce((all, word) => {
    const line = all.slice(all.lastIndexOf('\n') + 1);
    return all + (all === '' ? '' : line.length + word.length < widest ? ' ' : '\n') + word;
  }, '');

const node = (kind: 'item' | 'consumer' | 'category', name: string): string => `${kind}:${name}`;

const listed = (attributes: Attributes): string =>
  Object.entries(attributes)
    .map(([name, value]) => `${name}=${quoted(value).replaceAll('\n', '\\n')}`)
    .join(', ');

const drawn = (id: string, attributes: Attributes): string => `  ${quoted(id)} [${listed(attributes)}];`;

const edge = (from: string, to: string, attributes: Attributes = {}): string =>
  `  ${quoted(from)} -> ${quoted(to)} [${listed(attributes)}];`;

const shapes: Readonly<Record<TemplateItem['work']['kind'], Attributes>> = {
  agent: {},
  consolidation: { shape: 'invtrapezium', style: 'filled' },
  checkpoint: { shape: 'hexagon', style: 'filled' },
  map: { shape: 'box3d', style: 'filled' },
};

function itemNode(item: TemplateItem, fill: string, standby: boolean): string {
  const { style = 'filled,rounded', ...shape } = shapes[item.work.kind];
  const label = lines(cut(item.title), doneBy(item), candidatesOf(item), ofInput(item));
  return drawn(node('item', item.id), {
    label,
    fillcolor: fill,
    ...shape,
    style: standby ? `${style},dashed` : style,
  });
}

function doneBy({ work }: TemplateItem | Consumer): string {
  switch (work.kind) {
    case 'agent':
      return work.agent ?? work.capability ?? '';
    case 'map':
      return `${work.capability} for each of ${work.over}`;
    case 'consolidation':
    case 'checkpoint':
      return work.kind;
  }
}

function candidatesOf({ candidates, each }: TemplateItem): string | undefined {
  if (candidates) return `candidates ${Object.keys(candidates).sort().join(', ')}`;
  return each === undefined ? undefined : `for each of ${each}`;
}

/** The condition of an item that asks no other item. */
const ofInput = ({ condition }: TemplateItem): string | undefined =>
  condition !== undefined && /\binput\./.test(condition) ? `if ${cut(condition)}` : undefined;

const helpersOf = ({ fallback, recovery }: TemplateItem): { id: string; label: string }[] => [
  ...(fallback === undefined ? [] : [{ id: fallback, label: 'fallback' }]),
  ...(recovery?.items ?? []).map((id) => ({ id, label: `recovery (${recovery?.mode})` })),
];

const waitsFor = ({ depends_on, each, workspace = [] }: TemplateItem): Set<string> =>
  new Set([...depends_on, ...(each === undefined ? [] : [each]), ...[workspace].flat()]);

/** For each item, everything that what it waits for waits for in turn: the order says so without an edge of its own. */
function impliedBy(items: readonly TemplateItem[]): (item: TemplateItem) => ReadonlySet<string> {
  const byId = new Map(items.map((item) => [item.id, item]));
  const before = new Map<string, ReadonlySet<string>>();
  const allBefore = (id: string): ReadonlySet<string> => {
    const known = before.get(id);
    if (known) return known;
    const all = new Set<string>();
    before.set(id, all);
    const item = byId.get(id);
    for (const other of item ? waitsFor(item) : [])
      for (const one of [other, ...allBefore(other)]) all.add(one);
    return all;
  };
  return (item) => new Set([...waitsFor(item)].flatMap((other) => [...allBefore(other)]));
}

function edgesOf(
  item: TemplateItem,
  items: readonly TemplateItem[],
  impliedBy: (item: TemplateItem) => ReadonlySet<string>,
): string[] {
  const { id, each, workspace = [], condition } = item;
  const workspaces = new Set([...(each === undefined ? [] : [each]), ...[workspace].flat()]);
  const asked =
    condition === undefined
      ? []
      : items.filter((other) => asks(condition, other.id)).map((other) => other.id);
  const label = condition === undefined ? '' : wrapped(`if ${cut(condition)}`);
  const implied = impliedBy(item);
  const before = new Set(
    [...waitsFor(item)].filter(
      (other) => !implied.has(other) || workspaces.has(other) || asked.includes(other),
    ),
  );
  return [
    ...[...before].map((other) =>
      edge(node('item', other), node('item', id), {
        ...(workspaces.has(other) ? { penwidth: '2' } : {}),
        ...(asked.includes(other) ? { label } : {}),
      }),
    ),
    // What it asks, and waits for only by way of others.
    ...asked
      .filter((other) => !before.has(other))
      .map((other) =>
        edge(node('item', other), node('item', id), { label, style: 'dotted', constraint: 'false' }),
      ),
    ...helpersOf(item).map((helper) =>
      edge(node('item', id), node('item', helper.id), { label: helper.label, style: 'dashed' }),
    ),
  ];
}

/** Whether a condition asks for a fact of an item. */
const asks = (condition: string, id: string): boolean =>
  new RegExp(`(?<![\\w.'"-])${id}\\.`).test(condition.replaceAll(/'[^']*'|"[^"]*"/g, ''));

function consumerLines(consumer: Consumer, { routes }: Template, fill: string): string[] {
  const { id, title, consumes } = consumer;
  const gathers = consumes.kind === 'result' && consumes.gather === 'siblings';
  const source = node('category', consumes.category);
  const what = consumes.kind === 'discovery' ? 'discoveries' : 'results';
  const led = routes.filter(({ category }) => category === consumes.category).map(({ name }) => name);
  return [
    drawn(source, { label: `${consumes.category}`, shape: 'ellipse', style: 'dotted' }),
    drawn(node('consumer', id), {
      label: lines(cut(title), doneBy(consumer), gathers ? 'one for all of an outcome' : 'one for each'),
      shape: 'component',
      style: 'filled',
      fillcolor: fill,
    }),
    edge(source, node('consumer', id), {
      label: lines(
        what,
        consumer.condition && wrapped(`if ${cut(consumer.condition)}`),
        led.length > 0 && consumes.kind === 'discovery' ? wrapped(`by ${led.join(', ')}`) : '',
      ),
      style: 'dotted',
    }),
  ];
}

const legend = (categories: readonly string[], colourOf: (category: string) => string): string[] => [
  '  subgraph cluster_legend {',
  '    label="categories"; style="rounded"; color="#cbd5e1";',
  ...categories.map(
    (category) =>
      `  ${drawn(`legend:${category}`, { label: category, fillcolor: colourOf(category), style: 'filled' })}`,
  ),
  '  }',
];
