import type { GraphItem } from '../contracts/graph.js';
import { millisecondsOf, mostItems, type Template, type TemplateItem } from '../contracts/template.js';
import { HeptadError, type Problem } from '../protocol/errors.js';
import { referenceProblems } from './references.js';

/** An item of the graph before agents are chosen for it. */
export interface PlannedItem extends Omit<GraphItem, 'agents'> {
  /** What its agent must be able to do; null for barriers. */
  readonly capability: string | null;
}

/**
 * The items that a template stands for, in its order: one per candidate where an item has candidates
 * (`improve` with A and B gives `improve-a`, `improve-b`), one per candidate of another item where it is for `each`.
 *
 * @throws HeptadError `InputInvalid` with every problem of the template, as JSON pointers into it
 */
export function expandTemplate(template: Template): PlannedItem[] {
  const problems = templateProblems(template);
  if (problems.length > 0) throw invalid(template, problems);
  const letters = new Map(template.items.map((item) => [item.id, lettersOf(template, item)]));
  const planned = template.items.flatMap((item) =>
    (letters.get(item.id) ?? [null]).map((letter) => plan(template, item, letter, letters)),
  );
  const clashes = referenceProblems(planned);
  if (clashes.length > 0)
    throw invalid(
      template,
      clashes.map(({ reason }) => ({ path: '/items', reason })),
    );
  if (planned.length > mostItems)
    throw invalid(template, [
      { path: '/items', reason: `It stands for ${planned.length} items; ${mostItems} are possible.` },
    ]);
  return planned;
}

/** The candidates that an item is expanded for; null where it is one item. */
function lettersOf({ items }: Template, item: TemplateItem): string[] | null {
  const candidates = item.candidates ?? items.find(({ id }) => id === item.each)?.candidates;
  return candidates ? Object.keys(candidates).sort() : null;
}

const expandedId = (id: string, letter: string | null): string =>
  letter === null ? id : `${id}-${letter.toLowerCase()}`;

function plan(
  template: Template,
  item: TemplateItem,
  letter: string | null,
  letters: ReadonlyMap<string, string[] | null>,
): PlannedItem {
  const before = [...new Set(item.each === undefined ? item.depends_on : [item.each, ...item.depends_on])];
  return {
    id: expandedId(item.id, letter),
    title: letter === null ? item.title : `${item.title}: candidate ${letter}`,
    category: item.category,
    kind: item.work.kind,
    body: item.id,
    // Behind the same candidate where there is one, behind all of them otherwise.
    after: before.flatMap((id) => {
      const others: readonly (string | null)[] = letters.get(id) ?? [null];
      return (letter !== null && others.includes(letter) ? [letter] : others).map((other) =>
        expandedId(id, other),
      );
    }),
    workspace: item.each === undefined ? null : expandedId(item.each, letter),
    candidate: letter,
    timeoutMs: millisecondsOf(item.timeout ?? template.defaults.timeout) ?? 0,
    repairs: null,
    capability: capabilityOf(item, letter),
  };
}

function capabilityOf(item: TemplateItem, letter: string | null): string | null {
  if (item.work.kind !== 'agent') return null;
  return (
    (letter === null ? undefined : item.candidates?.[letter]?.capability) ?? item.work.capability ?? null
  );
}

function templateProblems({ items, fitness }: Template): Problem[] {
  const ids = new Set(items.map(({ id }) => id));
  const problems = items.flatMap((item, index) => itemProblems(item, `/items/${index}`, items));
  for (const [index, item] of items.entries()) {
    const first = items.findIndex(({ id }) => id === item.id);
    if (first < index)
      problems.push({ path: `/items/${index}/id`, reason: `There is another item ${item.id}.` });
    for (const [place, id] of item.depends_on.entries())
      if (!ids.has(id))
        problems.push({ path: `/items/${index}/depends_on/${place}`, reason: `There is no item ${id}.` });
  }
  const edges = items.map(({ id, depends_on, each }) => ({
    id,
    after: [...depends_on, ...(each === undefined ? [] : [each])].filter((other) => ids.has(other)),
  }));
  // Duplicates have been said above, and would say themselves again as a cycle's.
  if (ids.size === items.length)
    problems.push(
      ...referenceProblems(edges).map(({ path, reason }) => ({
        path: `/items${path.replace('/after', '/depends_on')}`,
        reason,
      })),
    );
  if (Object.values(fitness).every((weight) => weight === 0))
    problems.push({ path: '/fitness', reason: 'At least one weight is more than 0.' });
  return problems;
}

function itemProblems(item: TemplateItem, path: string, items: readonly TemplateItem[]): Problem[] {
  const problems: Problem[] = [];
  if (item.candidates && item.each !== undefined)
    problems.push({
      path: `${path}/each`,
      reason: 'An item has candidates of its own or is for each of another, not both.',
    });
  if (item.candidates && Object.keys(item.candidates).length === 0)
    problems.push({ path: `${path}/candidates`, reason: 'At least one candidate is needed.' });
  if (item.work.kind !== 'agent' && (item.candidates || item.each !== undefined))
    problems.push({
      path: `${path}/work`,
      reason: 'A barrier is one item: it has no candidates and is not for each.',
    });
  if (item.each !== undefined && !items.find(({ id }) => id === item.each)?.candidates)
    problems.push({ path: `${path}/each`, reason: `${item.each} is not an item with candidates.` });
  return problems;
}

const invalid = ({ name, version }: Template, problems: readonly Problem[]): HeptadError =>
  new HeptadError(
    'InputInvalid',
    `The template ${name}@${version} cannot be used:\n${problems.map(({ path, reason }) => `  ${path}: ${reason}`).join('\n')}`,
    { problems },
  );
