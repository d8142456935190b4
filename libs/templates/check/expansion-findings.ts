import { mostItems } from '../../contracts/template.js';
import type { Catalogue, Entry } from './catalogue.js';
import type { Draft } from './draft.js';
import type { Findings } from './findings.js';
import { pointer } from './pointer.js';

/** What is wrong with ids, candidates and `each`, and with the ids of the items that a template stands for. */
export function checkExpansion(draft: Draft, catalogue: Catalogue, findings: Findings): void {
  checkIds(draft, catalogue, findings);
  for (const entry of catalogue.entries) checkCandidates(entry, catalogue, findings);
  checkExpandedIds(draft, catalogue, findings);
}

function checkIds({ consumers }: Draft, catalogue: Catalogue, findings: Findings): void {
  for (const entry of catalogue.entries) {
    if (entry.id && catalogue.find(entry.id) !== entry)
      findings.problem(pointer(entry.path, 'id'), `There is another item "${entry.id}".`);
  }
  const seen = new Set<string>();
  for (const [index, { id }] of consumers.entries()) {
    if (id === undefined) continue;
    if (catalogue.find(id)) findings.problem(`/consumers/${index}/id`, `There is an item "${id}".`);
    else if (seen.has(id)) findings.problem(`/consumers/${index}/id`, `There is another consumer "${id}".`);
    seen.add(id);
  }
}

function checkCandidates({ path, item }: Entry, catalogue: Catalogue, findings: Findings): void {
  const { candidates, each, work } = item;
  if (candidates && Object.keys(candidates).length === 0)
    findings.problem(pointer(path, 'candidates'), 'At least one candidate is needed.');
  if (candidates && each !== undefined)
    findings.problem(
      pointer(path, 'each'),
      'An item has candidates of its own or is for each of another, not both.',
    );
  if (candidates && work && work.kind !== 'agent')
    findings.problem(
      pointer(path, 'candidates'),
      `Only work of an agent has candidates; this is a ${work.kind}.`,
    );
  if (each !== undefined && (work?.kind === 'consolidation' || work?.kind === 'checkpoint'))
    findings.problem(pointer(path, 'each'), `A ${work.kind} is one item, and is not for each candidate.`);
  const other = each === undefined ? undefined : catalogue.find(each);
  // An unknown one, and a circle, are told with the other references.
  if (other && other.item.each === undefined && !other.item.candidates)
    findings.problem(
      pointer(path, 'each'),
      `"${each}" has no candidates, and is not for each of an item that has.`,
    );
}

function checkExpandedIds({ repairs = 0 }: Draft, catalogue: Catalogue, findings: Findings): void {
  const made = new Map<string, Entry>();
  let count = 0;
  for (const entry of catalogue.entries) {
    const letters = catalogue.lettersOf(entry);
    count += letters?.length ?? 1;
    if (!entry.id || catalogue.find(entry.id) !== entry) continue;
    for (const letter of letters ?? [null]) {
      const id = letter === null ? entry.id : `${entry.id}-${letter.toLowerCase()}`;
      for (const one of letter !== null && repairs > 0 ? [id, `${id}-repair`] : [id]) {
        const other = made.get(one);
        if (other) findings.problem(pointer(entry.path, 'id'), clash(one, entry, other, catalogue));
        else made.set(one, entry);
      }
    }
  }
  if (count > mostItems)
    findings.problem(
      '/items',
      `They stand for ${count} items once candidates are written out; ${mostItems} are possible.`,
    );
}

/** Which of both has candidates is the one to be renamed. */
function clash(id: string, one: Entry, other: Entry, catalogue: Catalogue): string {
  const [single, many] = catalogue.lettersOf(one) === null ? [one, other] : [other, one];
  if (catalogue.lettersOf(single) !== null)
    return `Its candidates and those of "${other.id}" both make the item "${id}".`;
  return single === one
    ? `The candidates of "${many.id}" make an item "${id}" too.`
    : `Its candidates make an item "${id}", and there is one.`;
}
