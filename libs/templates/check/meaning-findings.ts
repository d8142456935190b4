import { checkBody, checkRetry, checkSchema } from './body-findings.js';
import { checkBranches } from './branch-findings.js';
import { Catalogue, type Entry } from './catalogue.js';
import { checkCategories } from './category-findings.js';
import { Conditions, type ReadCondition } from './condition-findings.js';
import { readConsumersAndRoutes, readItem } from './condition-uses.js';
import type { Draft } from './draft.js';
import { checkExpansion } from './expansion-findings.js';
import { checkOfObject } from './expects-findings.js';
import { checkConsumerInputs, checkInputs, checkUses, type Meaning, orderOf } from './fact-findings.js';
import { Findings } from './findings.js';
import { checkInput } from './input-findings.js';
import { type Edge, Network } from './network.js';
import { pointer } from './pointer.js';
import { referencesOf } from './references.js';
import { schemaReasons } from './schema-reasons.js';
import { checkStandby } from './standby-findings.js';

/**
 * What is wrong with what a template means, beside its form: everything at once that does not depend on a part that
 * is broken.
 *
 * @param broken ids of items that keep to no form
 */
export function meaningFindings(draft: Draft, broken: ReadonlySet<string>): Findings {
  const findings = new Findings();
  const catalogue = new Catalogue(draft, broken);
  const reasonAgainst = schemaReasons();
  for (const { item, path } of catalogue.entries) checkBody(item, path, draft, reasonAgainst, findings);
  for (const [index, consumer] of draft.consumers.entries())
    checkBody(consumer, `/consumers/${index}`, draft, reasonAgainst, findings);
  for (const [name, { expects }] of Object.entries(draft.categories))
    if (typeof expects === 'object') {
      const at = pointer('/categories', name, 'expects');
      checkSchema(expects, at, reasonAgainst, findings);
      checkOfObject(expects, at, findings);
    }
  if (draft.input) checkInput(draft.input, reasonAgainst, findings);
  if (draft.defaults?.retry) checkRetry(draft.defaults.retry, '/defaults/retry', findings);
  if (draft.fitness && Object.values(draft.fitness).every((weight) => weight === 0))
    findings.problem('/fitness', 'At least one weight is more than 0.');
  checkCategories(draft, findings);
  checkExpansion(draft, catalogue, findings);
  const references = catalogue.entries.map((entry) => referencesOf(entry, catalogue, findings));
  checkStandby(references, catalogue, findings);
  const meaning = { draft, catalogue, references, findings };
  const facts = checkFacts(meaning);
  const waiting = new Network(catalogue.entries.map((entry) => waitsOf(entry.number, meaning, facts)));
  for (const circle of waiting.circles())
    findings.problem(circle[0]?.path ?? '/items', inWords(circle, catalogue));
  return findings;
}

/** Checks what items ask for of others; gives, for each item, whom it would have to wait for. */
function checkFacts(meaning: Meaning): Edge[][] {
  const { draft, catalogue, findings } = meaning;
  const before = orderOf(meaning);
  const conditions = new Conditions(draft, catalogue, findings);
  const conditioned: (readonly [Entry, ReadCondition])[] = [];
  const edges = catalogue.entries.map((entry) => {
    const { condition, uses } = readItem(entry, conditions, findings);
    if (condition) conditioned.push([entry, condition]);
    return checkUses(entry, [...checkInputs(entry, meaning), ...uses], meaning, before);
  });
  readConsumersAndRoutes(draft, conditions, findings);
  for (const [index, consumer] of draft.consumers.entries())
    checkConsumerInputs(consumer, `/consumers/${index}`, meaning);
  checkBranches(conditioned, conditions, findings);
  return edges;
}

/** Whom an item, or what is done where it has failed, waits for. */
function waitsOf(
  number: number,
  { catalogue, references }: Meaning,
  facts: readonly (readonly Edge[])[],
): Edge[] {
  const { waits = [], helpers = [] } = references[number] ?? {};
  const entry = catalogue.at(number);
  const owner = entry && catalogue.standbyOf(entry)?.owner;
  return [
    // That it waits for what it helps is told by itself; so is that an item helps itself.
    ...waits.filter(({ to }) => to !== owner),
    ...(facts[number] ?? []),
    ...helpers.filter(({ to }) => to !== number),
  ];
}

function inWords(circle: readonly Edge[], catalogue: Catalogue): string {
  const ids = circle.map(({ to }) => catalogue.at(to)?.id ?? '');
  const names = [ids.at(-1), ...ids].join(' -> ');
  return circle.length === 1
    ? `It waits for itself: ${names}.`
    : `These items wait for each other: ${names}.`;
}
