import type { Catalogue, Entry } from './catalogue.js';
import type { Findings } from './findings.js';
import type { References } from './references.js';

/** What is wrong with items that are done where others have failed, and with who waits for them. */
export function checkStandby(
  references: readonly References[],
  catalogue: Catalogue,
  findings: Findings,
): void {
  const namedAt = new Map<number, string>();
  for (const owner of catalogue.entries)
    for (const { to, path } of references[owner.number]?.helpers ?? []) {
      const helper = catalogue.at(to);
      if (!helper) continue;
      const before = namedAt.get(to);
      if (to === owner.number) findings.problem(path, 'An item cannot help itself where it has failed.');
      else if (before !== undefined)
        findings.problem(
          path,
          `"${helper.id}" is named at ${before} already; an item is there for one failure.`,
        );
      else {
        namedAt.set(to, path);
        checkCandidates(owner, helper, path, catalogue, findings);
      }
    }
  for (const entry of catalogue.entries)
    for (const { to, path } of references[entry.number]?.waits ?? [])
      checkWait(entry, to, path, catalogue, findings);
}

/** One that is there once per candidate is helped by one that is, and only by such a one. */
function checkCandidates(
  owner: Entry,
  helper: Entry,
  path: string,
  catalogue: Catalogue,
  findings: Findings,
): void {
  if (helper.item.candidates)
    findings.problem(path, `"${helper.id}" has candidates; what is done after a failure is one item.`);
  else if (differ(catalogue.lettersOf(owner), catalogue.lettersOf(helper)))
    findings.problem(
      path,
      catalogue.lettersOf(owner) === null
        ? `"${helper.id}" is there once per candidate, and "${owner.id}" is one item.`
        : `"${owner.id}" is there once per candidate, so "${helper.id}" has to be for each of them.`,
    );
}

type Letters = readonly string[] | null | undefined;

const differ = (one: Letters, other: Letters): boolean =>
  one !== undefined && other !== undefined && String(one) !== String(other);

function checkWait(entry: Entry, to: number, path: string, catalogue: Catalogue, findings: Findings): void {
  const own = catalogue.standbyOf(entry);
  const other = catalogue.at(to);
  if (!other) return;
  if (own?.owner === to) {
    findings.problem(path, `It is done where "${other.id}" has failed, so it cannot wait for it.`);
    return;
  }
  const theirs = catalogue.standbyOf(other);
  if (!theirs || theirs.owner === own?.owner) return;
  const owner = catalogue.at(theirs.owner)?.id ?? '';
  const instead =
    theirs.as === 'fallback' && theirs.owner !== entry.number
      ? ` Wait for "${owner}", for which its result stands.`
      : '';
  findings.problem(
    path,
    `"${other.id}" is only done where "${owner}" has failed, so what waits for it may never be reached.${instead}`,
  );
}
