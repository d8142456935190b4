import { isDeepStrictEqual } from 'node:util';
import { type PhaseRecord, passes, type Verdict } from '../contracts/evidence.js';
import type { Waiver } from '../contracts/waiver.js';
import type { Trust } from '../crypto/trust.js';
import type { Digest } from '../protocol/digest.js';
import { verdictProblems } from '../verification/verdict-problems.js';
import { waiverProblems } from './waiver.js';

/** What a record says of the verification of its phase. */
export type Verification = Pick<
  PhaseRecord,
  'run' | 'phase' | 'round' | 'input' | 'output' | 'verdicts' | 'waiver'
>;

/** The documents that a record names, by digest, as far as they could be read. */
export interface NamedDocuments {
  readonly verdicts: ReadonlyMap<Digest, Verdict>;
  readonly waivers: ReadonlyMap<Digest, Waiver>;
}

/**
 * Why a phase does not count as verified, as sentences; none where it does: there are three valid verdicts A, B and C,
 * each signed by its own verifier with a key of its own, and those that did not pass are waived by a person.
 */
export function verificationProblems(
  record: Verification,
  { verdicts, waivers }: NamedDocuments,
  trust: Trust,
): string[] {
  const problems: string[] = [];
  const keys = new Map<string, string>();
  for (const pass of passes) {
    const [named, another] = record.verdicts.filter((one) => one.pass === pass);
    if (!named || another) {
      problems.push(`There ${named ? 'is more than one verdict' : 'is no verdict'} of pass ${pass}.`);
      continue;
    }
    const verdict = verdicts.get(named.verdict);
    if (!verdict) {
      problems.push(`The verdict ${named.verdict} of pass ${pass} cannot be read.`);
      continue;
    }
    for (const problem of verdictProblems(verdict, { ...record, pass, passed: named.passed }, trust))
      problems.push(`Pass ${pass}: ${problem}`);
    const { keyid } = verdict.signature;
    const other = keys.get(keyid);
    if (other) problems.push(`The passes ${other} and ${pass} are signed with one key.`);
    keys.set(keyid, pass);
  }
  return [...problems, ...consentProblems(record, waivers, trust)];
}

/** Why what a record says of seeded faults is not what pass C measured, as sentences. */
export function faultProblems(
  { verdicts: named, faults }: Pick<PhaseRecord, 'verdicts' | 'faults'>,
  { verdicts }: NamedDocuments,
): string[] {
  const measured = named.flatMap(({ pass, verdict }) =>
    pass === 'C' ? (verdicts.get(verdict)?.faults ?? []) : [],
  );
  return isDeepStrictEqual(faults, measured)
    ? []
    : ['Its record does not count the seeded faults as pass C measured them.'];
}

/** Why what did not pass is not waived. */
function consentProblems(
  { waiver: digest, verdicts, ...record }: Verification,
  waivers: NamedDocuments['waivers'],
  trust: Trust,
): string[] {
  const failed = verdicts.filter(({ passed }) => !passed);
  if (digest === null) return failed.map(({ pass }) => `Pass ${pass} did not pass, and nobody waived it.`);
  if (failed.length === 0) return ['A waiver is named, although every pass passed.'];
  const waiver = waivers.get(digest);
  if (!waiver) return [`The waiver ${digest} cannot be read.`];
  if (record.output === null) return ['A waiver is named, although there is no output.'];
  const { run, phase, round, output } = record;
  const of = { run, phase, round, output, verdicts: failed.map(({ verdict }) => verdict) };
  return waiverProblems(waiver, of, trust).map((problem) => `The waiver does not count. ${problem}`);
}
