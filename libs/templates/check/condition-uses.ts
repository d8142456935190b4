import type { Consumer, TemplateItem } from '../../contracts/template.js';
import { factsIn } from '../../graph/conditions/parse-condition.js';
import { matrixCritical } from '../../synthesis/decision.js';
import type { Entry } from './catalogue.js';
import type { Conditions, FactsThere, ReadCondition } from './condition-findings.js';
import type { Draft } from './draft.js';
import type { FactUse } from './fact-findings.js';
import type { Findings } from './findings.js';
import { pointer } from './pointer.js';

/** The conditions of an item. */
export interface ItemConditions {
  /** Whether it is done at all. */
  readonly condition: ReadCondition | undefined;
  /** What all of its conditions ask of other items. */
  readonly uses: readonly FactUse[];
}

/** Reads every condition of an item. */
export function readItem({ item, path }: Entry, conditions: Conditions, findings: Findings): ItemConditions {
  const { input } = conditions;
  const before: FactsThere = { says: 'the input and of items before it', items: true, roots: { input } };
  const condition = conditions.read(item.condition, pointer(path, 'condition'), before);
  if (condition) checkReached(condition, conditions, findings);
  const result = conditions.resultOf(item);
  const reviewed: FactsThere = {
    says: 'the result, the input and items before it',
    items: true,
    roots: { input, result },
  };
  const others = [
    ...readCriteria(item, path, before, conditions, findings),
    conditions.read(item.review?.when, pointer(path, 'review', 'when'), reviewed),
  ];
  readDone(item, path, conditions, findings);
  const read = [condition, ...others].filter((one) => one !== undefined);
  return { condition, uses: read.flatMap(usesOf) };
}

/** Reads every condition of a consumer, and of the routes. */
export function readConsumersAndRoutes(
  { consumers, routes }: Draft,
  conditions: Conditions,
  findings: Findings,
): void {
  const { input, discovery } = conditions;
  for (const [index, consumer] of consumers.entries()) {
    const path = `/consumers/${index}`;
    const ofDiscovery = consumer.consumes?.kind === 'discovery';
    const there: FactsThere = {
      says: `the input and of the ${ofDiscovery ? 'discovery' : 'result'} that it consumes`,
      items: false,
      roots: ofDiscovery ? { input, discovery } : { input, result: conditions.resultOf({}) },
    };
    const condition = conditions.read(consumer.condition, pointer(path, 'condition'), there);
    if (condition) checkReached(condition, conditions, findings);
    readCriteria(consumer, path, there, conditions, findings);
    const result = conditions.resultOf(consumer);
    const reviewed: FactsThere = { says: 'the result and the input', items: false, roots: { input, result } };
    conditions.read(consumer.review?.when, pointer(path, 'review', 'when'), reviewed);
    readDone(consumer, path, conditions, findings);
  }
  const there: FactsThere = {
    says: 'the discovery and the input',
    items: false,
    roots: { input, discovery },
  };
  for (const [index, { when }] of routes.entries()) {
    const read = conditions.read(when, `/routes/${index}/when`, there);
    if (read && conditions.verdictOn(read, true) === 'never')
      findings.problem(read.path, 'It never holds, so nothing is ever led there.');
  }
}

function checkReached(condition: ReadCondition, conditions: Conditions, findings: Findings): void {
  const verdict = conditions.verdictOn(condition, true);
  if (verdict === 'never')
    findings.problem(condition.path, 'It never holds, so the item can never be reached.');
  if (verdict === 'always') findings.warn(condition.path, 'It always holds, so it can be left out.');
}

function readCriteria(
  { work }: Partial<TemplateItem | Consumer>,
  path: string,
  there: FactsThere,
  conditions: Conditions,
  findings: Findings,
): (ReadCondition | undefined)[] {
  if (work?.kind !== 'checkpoint') return [];
  return (work.criteria ?? []).flatMap((criterion, index) => {
    if (typeof criterion === 'string') return [];
    const at = pointer(path, 'work', 'criteria', index, 'expression');
    const read = conditions.read(criterion.expression, at, there);
    const verdict = read && conditions.verdictOn(read, true);
    if (verdict === 'never') findings.problem(at, 'It never holds, so the checkpoint can never pass.');
    if (verdict === 'always') findings.warn(at, 'It always holds, so it keeps nothing back.');
    if (criterion.counts === undefined) return [read];
    const counts = pointer(path, 'work', 'criteria', index, 'counts');
    if (work.decides !== 'matrix' || isCritical(criterion.id))
      findings.problem(
        counts,
        `It makes no warnings: ${work.decides === 'matrix' ? `"${criterion.id}" is critical` : 'the checkpoint does not decide by the matrix'}.`,
      );
    // As a condition it has the type and the place of any other fact.
    return [read, conditions.read(`${criterion.counts} >= 0`, counts, there)];
  });
}

const isCritical = (id: string): boolean => matrixCritical.some((one) => one === id);

function readDone(
  body: Partial<TemplateItem | Consumer>,
  path: string,
  conditions: Conditions,
  findings: Findings,
): void {
  const there: FactsThere = {
    says: 'its result: "result.FIELD"',
    items: false,
    roots: { result: conditions.resultOf(body) },
  };
  const at = pointer(path, 'done', 'expression');
  const read = conditions.read(body.done?.expression, at, there);
  if (!read) return;
  // By what is declared many a sensible one always holds; by itself none does that says something.
  if (conditions.verdictOn(read, false) === 'always')
    findings.problem(at, 'It cannot fail: it holds whatever the result is.');
  else if (conditions.verdictOn(read, true) === 'never')
    findings.problem(at, 'It never holds, so the item can never be done.');
}

/** What a condition asks of others; each of them once, where it is asked first. */
function usesOf({ path, parsed }: ReadCondition): FactUse[] {
  const first = new Map<string, FactUse>();
  for (const { fact, offset } of factsIn(parsed)) {
    const [whose = '', ...names] = fact;
    if (!first.has(whose)) first.set(whose, { path, offset, whose, names });
  }
  return [...first.values()];
}
