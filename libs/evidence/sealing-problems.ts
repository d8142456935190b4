import type { ArtifactStore } from '../artifacts/artifact-store.js';
import { attemptLogSchema, type PhaseRecord, phaseRecordSchema } from '../contracts/evidence.js';
import type { Trust } from '../crypto/trust.js';
import { phaseNames } from '../protocol/phases.js';
import { attemptLogProblems } from './attempt-log-problems.js';
import { handoverProblems } from './handover-problems.js';
import type { ClosedPhase, ClosedRun } from './read-closed-run.js';
import { readNamedDocuments, readSigned } from './read-named-documents.js';
import { chainProblems } from './record-problems.js';
import { faultProblems, verificationProblems } from './verification-problems.js';
import { agentProblems } from './working-agents.js';

/** The records that the histories of a run name, in the order of its phases. */
export async function readRecords(store: ArtifactStore, { phases }: ClosedRun): Promise<PhaseRecord[]> {
  const refs = phases.flatMap(({ written }) => written.slice(-1));
  const read = await Promise.all(refs.map(({ digest }) => readSigned(store, digest, phaseRecordSchema)));
  return read.filter((record) => record !== undefined);
}

/**
 * Why the evidence of a run does not hold beside its histories, as sentences; none where it can be sealed. The records
 * that the histories name are one chain, signed by the producer; each phase worked on what those before it handed on;
 * each phase that went well has three valid verdicts of
 * its own verifiers, or a person's waiver of those that did not pass; and each attempt log is what its record says.
 *
 * @param records those that the histories name, in order, as far as they can be read
 */
export async function sealingProblems(
  store: ArtifactStore,
  closed: ClosedRun,
  records: readonly PhaseRecord[],
  trust: Trust,
): Promise<string[]> {
  const cutOff = new Set(
    closed.phases.flatMap(({ phase, closing }) => (closing === 'COMPLETED' ? [] : [phase])),
  );
  const problems = [
    ...completionProblems(closed, records),
    ...chainProblems(records, { trust, cutOff }),
    ...handoverProblems(records, { cutOff }),
  ];
  for (const phase of closed.phases) {
    const record = records.find((one) => one.phase === phase.phase);
    problems.push(...outcomeProblems(phase, record, closed.summary.id));
    if (!record) continue;
    const documents = await readNamedDocuments(store, record);
    const verified = record.failure ? [] : verificationProblems(record, documents, trust);
    const measured = record.failure ? [] : faultProblems(record, documents);
    const log = await readSigned(store, record.attempts.log.digest, attemptLogSchema);
    const logged = log ? attemptLogProblems(log, record, trust) : ['The attempt log cannot be read.'];
    const told = [...verified, ...measured, ...logged, ...(await agentProblems(store, record))];
    for (const problem of told) problems.push(`${phase.phase}: ${problem}`);
  }
  return problems;
}

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
export function outcomeProblems(
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
