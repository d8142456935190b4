import type { GraphItem, ItemRules } from '../contracts/graph.js';
import {
  type Consumer,
  millisecondsOf,
  mostItems,
  type Template,
  type TemplateItem,
  type TemplateRetry,
} from '../contracts/template.js';
import { HeptadError, type Problem } from '../protocol/errors.js';
import { factsOf } from './conditions/facts-of.js';
import { parsedCondition } from './conditions/parsed-condition.js';
import { renameFacts } from './conditions/rename-facts.js';
import { referenceProblems } from './references.js';

/** An item of the graph before agents are chosen for it. */
export interface PlannedItem extends Omit<GraphItem, 'agents'> {
  /** What its agent must be able to do; null for barriers, and where an agent is named. */
  readonly capability: string | null;
  /** The agent that the template names; left out where it asks for a capability. */
  readonly agent?: string;
}

/**
 * The items that a checked template stands for, in its order: one per candidate where an item has candidates (`improve`
 * with A and B gives `improve-a`, `improve-b`), one per candidate of another item where it is for `each`.
 *
 * @throws HeptadError `InputInvalid` its items refer to each other wrongly, or are too many
 */
export function expandTemplate(template: Template): PlannedItem[] {
  const letters = lettersByItem(template);
  const planned = template.items.flatMap((item) =>
    (letters.get(item.id) ?? [null]).map((letter) => planItem(template, item, letter, letters)),
  );
  const sleeping = withStandby(withFacts(planned));
  const problems: Problem[] = referenceProblems(sleeping).map(({ reason }) => ({ path: '/items', reason }));
  if (sleeping.length > mostItems)
    problems.push({
      path: '/items',
      reason: `It stands for ${sleeping.length} items; ${mostItems} are possible.`,
    });
  if (problems.length === 0) return sleeping;
  throw new HeptadError(
    'InputInvalid',
    `The template ${template.name}@${template.version} cannot be used:\n${problems.map(({ path, reason }) => `  ${path}: ${reason}`).join('\n')}`,
    { problems },
  );
}

/** What the items of each consumer are made from, in the template's order. */
export const expandConsumers = (template: Template): PlannedItem[] =>
  template.consumers.map((consumer) => ({
    ...planBody(template, consumer),
    id: consumer.id,
    title: consumer.title,
    after: askedItems(template, consumer),
    workspace: null,
    candidate: null,
    capability: capabilityOf(consumer, null),
    ...namedAgent(consumer),
    rules: rulesOf(template, consumer),
  }));

/** The template's items whose outcomes a consumer asks for: its items come after them. */
function askedItems({ items }: Template, { inputs }: Consumer): string[] {
  const known = new Set(items.map(({ id }) => id));
  const asked = Object.values(inputs).map((reference) => reference.split('.')[0] ?? '');
  return [...new Set(asked)].filter((id) => known.has(id));
}

/** Letters by item; null where it is one item. An item that is for each of another has that one's. */
function lettersByItem({ items }: Template): ReadonlyMap<string, readonly string[] | null> {
  const byId = new Map(items.map((item) => [item.id, item]));
  const letters = new Map<string, readonly string[] | null>();
  const find = (item: TemplateItem | undefined, depth: number): readonly string[] | null => {
    if (!item || depth > items.length) return null;
    const known = letters.get(item.id);
    if (known !== undefined) return known;
    const found = item.candidates
      ? Object.keys(item.candidates).sort()
      : item.each === undefined
        ? null
        : find(byId.get(item.each), depth + 1);
    letters.set(item.id, found);
    return found;
  };
  for (const item of items) find(item, 0);
  return letters;
}

type Letters = ReturnType<typeof lettersByItem>;

const expandedId = (id: string, letter: string | null): string =>
  letter === null ? id : `${id}-${letter.toLowerCase()}`;

/** An item as another one means it: of the same candidate where there is one, all of them otherwise. */
function meant(id: string, letter: string | null, letters: Letters): string[] {
  const others: readonly (string | null)[] = letters.get(id) ?? [null];
  return (letter !== null && others.includes(letter) ? [letter] : others).map((other) =>
    expandedId(id, other),
  );
}

function planItem(
  template: Template,
  item: TemplateItem,
  letter: string | null,
  letters: Letters,
): PlannedItem {
  const worksOn = item.workspace ?? item.each;
  const merges = Array.isArray(worksOn) ? worksOn.flatMap((id) => meant(id, letter, letters)) : null;
  const [workspace = null] = typeof worksOn === 'string' ? meant(worksOn, letter, letters) : [];
  const before = [
    ...(item.each === undefined ? [] : [item.each]),
    ...(typeof item.workspace === 'string' ? [item.workspace] : (item.workspace ?? [])),
    ...item.depends_on,
  ];
  const condition =
    item.condition === undefined
      ? undefined
      : renameFacts(parsedCondition(item.condition), (root) => meant(root, letter, letters)[0] ?? root);
  return {
    ...planBody(template, item),
    id: expandedId(item.id, letter),
    title: letter === null ? item.title : `${item.title}: candidate ${letter}`,
    after: [...new Set(before.flatMap((id) => meant(id, letter, letters)))],
    workspace,
    candidate: letter,
    capability: capabilityOf(item, letter),
    ...namedAgent(item),
    rules: {
      ...rulesOf(template, item),
      ...(condition ? { condition } : {}),
      ...(merges ? { merges } : {}),
      ...(item.fallback === undefined
        ? {}
        : { fallback: meant(item.fallback, letter, letters)[0] ?? item.fallback }),
      ...(item.recovery
        ? {
            recovery: {
              items: item.recovery.items.flatMap((id) => meant(id, letter, letters)),
              mode: item.recovery.mode,
            },
          }
        : {}),
    },
  };
}

function planBody(
  template: Template,
  body: TemplateItem | Consumer,
): Pick<GraphItem, 'category' | 'kind' | 'body' | 'timeoutMs' | 'repairs'> {
  const timeout = body.timeout ?? body.budget?.time ?? template.defaults.timeout;
  return {
    category: body.category,
    kind: body.work.kind,
    body: body.id,
    timeoutMs: millisecondsOf(timeout) ?? 1,
    repairs: null,
  };
}

function capabilityOf({ work, ...item }: TemplateItem | Consumer, letter: string | null): string | null {
  if (work.kind !== 'agent' && work.kind !== 'map') return null;
  const candidate = letter !== null && 'candidates' in item ? item.candidates?.[letter] : undefined;
  return candidate?.capability ?? work.capability ?? null;
}

const namedAgent = ({ work }: TemplateItem | Consumer): { agent?: string } =>
  work.kind === 'agent' && work.agent !== undefined ? { agent: work.agent } : {};

/** What is otherwise than most; what is as most is left out, so that a graph of thousands stays small. */
function rulesOf(template: Template, body: TemplateItem | Consumer): ItemRules {
  const { defaults } = template;
  const priority = body.priority ?? defaults.priority;
  const onFailure = body.on_failure ?? defaults.on_failure;
  const retry = body.retry ?? defaults.retry;
  const cache = body.cache ?? defaults.cache;
  const expected = body.expected ?? template.categories[body.category]?.expected;
  return {
    ...(priority === 'normal' ? {} : { priority }),
    ...(onFailure.length === 1 && onFailure[0] === 'backup' ? {} : { onFailure }),
    ...(retry ? { retry: retryRule(retry) } : {}),
    ...(cache ? { cache } : {}),
    ...(body.review
      ? {
          review: {
            ...(body.review.when === undefined ? {} : { when: parsedCondition(body.review.when) }),
            withinMs: millisecondsOf(body.review.within) ?? 1,
          },
        }
      : {}),
    ...(body.work.kind === 'consolidation' ? { deadlineMs: millisecondsOf(body.work.deadline) ?? 1 } : {}),
    ...(expected === undefined ? {} : { expectedMs: millisecondsOf(expected) ?? 1 }),
  };
}

const retryRule = ({ attempts, interval, backoff, most_interval, on }: TemplateRetry) => ({
  attempts,
  intervalMs: millisecondsOf(interval) ?? 1,
  backoff,
  mostIntervalMs: millisecondsOf(most_interval) ?? 1,
  on,
});

/** Notes at each item which facts of its outcome the graph needs: only those travel with its result. */
function withFacts(planned: readonly PlannedItem[]): PlannedItem[] {
  const needed = new Map<string, Set<string>>();
  const need = (id: string, names: readonly string[]): void => {
    const facts = needed.get(id) ?? new Set();
    needed.set(id, facts.add(names.join('.')));
  };
  for (const { id, rules } of planned) {
    for (const [root = '', ...names] of rules?.condition ? factsOf(rules.condition) : []) need(root, names);
    for (const [, ...names] of rules?.review?.when ? factsOf(rules.review.when) : []) need(id, names);
  }
  return planned.map((item) => {
    const facts = [...(needed.get(item.id) ?? [])].filter((fact) => !besideOutcome.has(fact)).sort();
    return facts.length === 0 ? item : { ...item, rules: { ...item.rules, facts } };
  });
}

/** Facts that are not of an outcome. */
const besideOutcome: ReadonlySet<string> = new Set(['status', 'accepted', 'code']);

/** Marks what sleeps until another item has failed. A fallback stands in for what it is named by, with its results. */
function withStandby(planned: readonly PlannedItem[]): PlannedItem[] {
  const standby = new Map<string, { for: string; as: 'fallback' | 'recovery' }>();
  for (const { id, rules } of planned) {
    if (rules?.fallback !== undefined) standby.set(rules.fallback, { for: id, as: 'fallback' });
    for (const item of rules?.recovery?.items ?? []) standby.set(item, { for: id, as: 'recovery' });
  }
  // Facts that are asked of an item are asked of what stands in for it, too.
  const facts = new Map(planned.map(({ id, rules }) => [id, rules?.facts ?? []]));
  return planned.map((item) => {
    const own = standby.get(item.id);
    const asked =
      own?.as === 'fallback'
        ? [...new Set([...(facts.get(item.id) ?? []), ...(facts.get(own.for) ?? [])])].sort()
        : [];
    const rules: ItemRules = {
      ...item.rules,
      ...(own ? { standby: own } : {}),
      ...(asked.length > 0 ? { facts: asked } : {}),
    };
    if (Object.keys(rules).length > 0) return { ...item, rules };
    const { rules: _, ...plain } = item;
    return plain;
  });
}
