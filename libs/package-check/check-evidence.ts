import { attemptLogSchema, type PhaseRecord, phaseRecordSchema, type Seal } from '../contracts/evidence.js';
import type { CheckPart } from '../contracts/package-check.js';
import type { Trust } from '../crypto/trust.js';
import { attemptLogProblems } from '../evidence/attempt-log-problems.js';
import { handoverProblems } from '../evidence/handover-problems.js';
import { readNamedDocuments, readSigned } from '../evidence/read-named-documents.js';
import { chainProblems } from '../evidence/record-problems.js';
import { faultProblems, verificationProblems } from '../evidence/verification-problems.js';
import { agentProblems } from '../evidence/working-agents.js';
import type { Findings } from './findings.js';
import type { PackageStore } from './package-store.js';

/** The records of a run, and how they are known. */
export interface Recorded {
  readonly records: readonly PhaseRecord[];
  /** Phases that ended otherwise than by completing, as their histories say. */
  readonly cutOff: ReadonlySet<PhaseRecord['phase']>;
}

/** The records that a seal names, in order. */
export async function readSealedRecords(
  store: PackageStore,
  { records }: Pick<Seal, 'records'>,
  order: readonly PhaseRecord['phase'][],
): Promise<PhaseRecord[]> {
  const read = await Promise.all(
    order.map(async (phase) => {
      const ref = records[phase];
      return ref && (await readSigned(store, ref.digest, phaseRecordSchema));
    }),
  );
  return read.filter((record) => record !== undefined);
}

/**
 * Records are one chain of the producer's, each phase that went well was passed by three verifiers or waived, nobody
 * signed for another, and the attempt logs and their steps are whole.
 */
export async function checkEvidenceOf(
  store: PackageStore,
  trust: Trust,
  { records, cutOff }: Recorded,
  part: CheckPart,
  findings: Findings,
): Promise<void> {
  findings.add(
    part,
    'records',
    `${records.length} records, each signed by the producer, each naming the one before; times in order.`,
    records.length === 0 ? ['There is no record.'] : chainProblems(records, { trust, cutOff }),
  );
  findings.add(
    part,
    'handover',
    'Each phase worked on what the phases before it handed on.',
    handoverProblems(records, { cutOff }),
  );
  const verified: string[] = [];
  const told: string[] = [];
  const logged: string[] = [];
  let steps = 0;
  for (const record of records) {
    const documents = await readNamedDocuments(store, record);
    const problems = record.failure ? [] : verificationProblems(record, documents, trust);
    verified.push(...problems.map((problem) => `${record.phase}: ${problem}`));
    const measured = record.failure ? [] : faultProblems(record, documents);
    told.push(
      ...[...measured, ...(await agentProblems(store, record))].map((one) => `${record.phase}: ${one}`),
    );
    const log = await readSigned(store, record.attempts.log.digest, attemptLogSchema);
    const wrong = log ? attemptLogProblems(log, record, trust) : ['The attempt log cannot be read.'];
    logged.push(...wrong.map((problem) => `${record.phase}: ${problem}`));
    steps += log?.steps.length ?? 0;
  }
  const passed = records.filter(({ failure }) => !failure);
  findings.add(
    part,
    'verdicts',
    `${passed.length} phases have three verdicts, each signed by its own verifier, or a person's waiver.`,
    verified,
  );
  findings.add(
    part,
    'attempts',
    `The attempt logs are whole, and ${steps} steps of long activities are chains of who made them.`,
    logged,
  );
  findings.add(part, 'records-say', 'They name the agents that worked, and what pass C measured.', told);
}
