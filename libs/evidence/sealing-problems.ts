import type { ArtifactStore } from '../artifacts/artifact-store.js';
import { type PhaseRecord, phaseRecordSchema } from '../contracts/evidence.js';
import type { Trust } from '../crypto/trust.js';
import { type PhaseName, phaseNames } from '../protocol/phases.js';
import { handoverProblems } from './handover-problems.js';
import { phaseProblems } from './phase-problems.js';
import type { ClosedPhase, ClosedRun } from './read-closed-run.js';
import { readSigned } from './read-named-documents.js';
import { chainProblems } from './record-problems.js';

/** The records that a run's histories, or its seal, name, in the order of its phases, as far as they can be read. */
export async function readRecords(
  store: ArtifactStore,
  { records }: Pick<ClosedRun, 'records'>,
): Promise<PhaseRecord[]> {
  const refs = phaseNames.flatMap((phase) => records[phase] ?? []);
  const read = await Promise.all(refs.map(({ digest }) => readSigned(store, digest, phaseRecordSchema)));
  return read.filter((record) => record !== undefined);
}

/**
 * Why the evidence of a run does not hold beside its histories, as sentences; none where it can be sealed. The records
 * that the histories name are one chain, signed by the producer; each phase worked on what those before it handed on;
 * each that went well has three valid verdicts of its own verifiers, or a person's waiver of those that did not pass;
 * and each attempt log is what its record says.
 *
 * @param records those that the histories name, in order, as far as they can be read
 */
export async function sealingProblems(
  store: ArtifactStore,
  closed: ClosedRun,
  records: readonly PhaseRecord[],
  trust: Trust,
): Promise<string[]> {
  const cutOff = cutOffPhases(closed);
  const problems = [
    ...endingProblems(closed, records),
    ...chainProblems(records, { trust, cutOff }),
    ...handoverProblems(records, { cutOff }),
  ];
  for (const record of records) {
    const { verdicts, says, attempts } = await phaseProblems(store, record, trust);
    problems.push(...verdicts, ...says, ...attempts);
  }
  return problems;
}

/** Phases that ended otherwise than by completing, as their histories say. */
export const cutOffPhases = ({ phases }: Pick<ClosedRun, 'phases'>): ReadonlySet<PhaseName> =>
  new Set(phases.flatMap(({ phase, closing }) => (closing === 'COMPLETED' ? [] : [phase])));

/** Why a run and its phases did not end as their records say, as sentences. */
export const endingProblems = (closed: ClosedRun, records: readonly PhaseRecord[]): string[] => [
  ...completionProblems(closed, records),
  ...closed.phases.flatMap((phase) =>
    outcomeProblems(
      phase,
      records.find((record) => record.phase === phase.phase),
      closed.summary.id,
    ),
  ),
];

/** Why a run cannot have completed as it says: each of its phases must have, with a record that tells of no failure. */
export function completionProblems(
  { status, phases }: Pick<ClosedRun, 'status' | 'phases'>,
  records: readonly PhaseRecord[],
): string[] {
  if (status !== 'COMPLETED') return [];
  return phaseNames.flatMap((name) => {
    const closing = phases.find(({ phase }) => phase === name)?.closing;
    const record = records.find(({ phase }) => phase === name);
    return closing === 'COMPLETED' && record && !record.failure
      ? []
      : [`The run completed, but ${name} did not.`];
  });
}

/** Whether a phase ended as its record says. */
function outcomeProblems(
  { phase, closing, written }: ClosedPhase,
  record: PhaseRecord | undefined,
  run: string,
): string[] {
  const problems: string[] = [];
  if (written.length > 1) problems.push(`${phase} wrote ${written.length} records, not one.`);
  if (written.length > 0 && !record) problems.push(`The record of ${phase} cannot be read.`);
  if (record && record.run !== run) problems.push(`The record of ${phase} is of the run ${record.run}.`);
  if (closing !== 'COMPLETED') return problems;
  if (written.length === 0) problems.push(`${phase} completed without a record.`);
  if (record?.failure)
    problems.push(`${phase} completed, although its record tells of ${record.failure.code}.`);
  return problems;
}
