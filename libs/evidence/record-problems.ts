import { digestOfJson } from '../artifacts/digest-of-json.js';
import { type PhaseRecord, passes } from '../contracts/evidence.js';
import type { Trust } from '../crypto/trust.js';
import type { Digest } from '../protocol/digest.js';
import { payloadType } from '../protocol/payload-types.js';
import { phaseNumber } from '../protocol/phases.js';

/** Two phases take their times from servers whose clocks may differ by so much. */
const clocksDifferMs = 1000;

/** Against what a record is checked. */
export interface RecordUse {
  readonly trust: Trust;
  /** The record before in the chain; null where it is the first. */
  readonly previous: PhaseRecord | null;
}

/**
 * Why a record does not count, as sentences: it is not signed by the producer, does not follow the record before, its
 * times are not in order, or it contradicts itself. The verdicts that it names are not read here.
 */
export function recordProblems(record: PhaseRecord, { trust, previous }: RecordUse): string[] {
  const signature = trust.problemsOf(record, { type: payloadType.record, identity: 'producer' });
  return [...signature, ...orderProblems(record, previous), ...contradictions(record)];
}

export interface ChainUse {
  readonly trust: Trust;
  /**
   * Phases that ended otherwise than by completing, as their histories say. Their record may have none that follows
   * it: a phase that was cancelled, or whose delivery failed, ends after its record was written.
   */
  readonly cutOff?: ReadonlySet<PhaseRecord['phase']>;
}

/**
 * Why the records of a run are not one chain, as sentences: each must name the digest of the one before, in the order
 * of phases and rounds, and count for itself. None for no records at all.
 *
 * @param records in the order of phases and rounds
 */
export function chainProblems(
  records: readonly PhaseRecord[],
  { trust, cutOff = new Set() }: ChainUse,
): string[] {
  const problems: string[] = [];
  let followed: PhaseRecord | null = null;
  for (const [index, record] of records.entries()) {
    const last: PhaseRecord | null = records[index - 1] ?? null;
    // Without `last`, what it followed is the one to follow.
    if (last && !(cutOff.has(last.phase) && record.previous === digestOrNull(followed))) followed = last;
    const what = `The record of ${record.phase}, round ${record.round}`;
    for (const problem of recordProblems(record, { trust, previous: followed }))
      problems.push(`${what}: ${problem}`);
    if (last && !isBefore(last, record))
      problems.push(`${what} stands behind that of ${last.phase}, round ${last.round}, out of order.`);
  }
  return problems;
}

/** Digest of the last record, the head of the chain; null where there is none. */
export const headOf = (records: readonly PhaseRecord[]): Digest | null =>
  digestOrNull(records.at(-1) ?? null);

const digestOrNull = (record: PhaseRecord | null): Digest | null => (record ? digestOfJson(record) : null);

function isBefore(one: PhaseRecord, other: PhaseRecord): boolean {
  const phases = phaseNumber(one.phase) - phaseNumber(other.phase);
  return phases < 0 || (phases === 0 && one.round < other.round);
}

function orderProblems(record: PhaseRecord, previous: PhaseRecord | null): string[] {
  const problems: string[] = [];
  const expected = digestOrNull(previous);
  if (record.previous !== expected)
    problems.push(`It names ${record.previous ?? 'none'} as the record before, not ${expected ?? 'none'}.`);
  const { startedAt, endedAt } = record.timings;
  if (!(Date.parse(startedAt) <= Date.parse(endedAt)))
    problems.push(`It says that it ended at ${endedAt} and began at ${startedAt}.`);
  if (!previous) return problems;
  if (previous.run !== record.run || previous.tenant !== record.tenant)
    problems.push(`The record before is of the run ${previous.run} of ${previous.tenant}.`);
  if (!(Date.parse(previous.timings.endedAt) <= Date.parse(startedAt) + clocksDifferMs))
    problems.push(`It says that it began at ${startedAt}, before the one before ended.`);
  return problems;
}

function contradictions({
  output,
  failure,
  verdicts,
  notRun,
  waiver,
  attempts,
  faults,
}: PhaseRecord): string[] {
  const problems: string[] = [];
  const named = [...verdicts, ...notRun].map(({ pass }) => pass).sort();
  if (named.join() !== passes.join())
    problems.push(
      `It accounts for the passes ${named.join(', ') || 'none'}, not for each of A, B and C once.`,
    );
  if (attempts.unknown > attempts.count)
    problems.push(`It counts ${attempts.unknown} attempts that are unknown, of ${attempts.count}.`);
  if (faults.some(({ seeded, caught }) => caught > seeded))
    problems.push('It counts more faults caught than were seeded.');
  if (failure) return problems;
  if (output === null) problems.push('It tells of no failure, and of no output.');
  if (notRun.length > 0) problems.push('It tells of no failure, although not every pass ran.');
  if (waiver === null && verdicts.some(({ passed }) => !passed))
    problems.push('It tells of no failure, although a pass failed and no waiver is named.');
  return problems;
}
