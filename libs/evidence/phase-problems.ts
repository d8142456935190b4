import type { ArtifactStore } from '../artifacts/artifact-store.js';
import { attemptLogSchema, type PhaseRecord } from '../contracts/evidence.js';
import type { Trust } from '../crypto/trust.js';
import { attemptLogProblems } from './attempt-log-problems.js';
import { readNamedDocuments, readSigned } from './read-named-documents.js';
import { faultProblems, verificationProblems } from './verification-problems.js';
import { agentProblems } from './working-agents.js';

/** Why what a record names does not hold, as sentences that begin with the phase. */
export interface PhaseProblems {
  /** Of its verdicts and its waiver; none is asked for where the phase failed. */
  readonly verdicts: readonly string[];
  /** Of what the record itself says of agents and of seeded faults. */
  readonly says: readonly string[];
  readonly attempts: readonly string[];
  /** How many steps its attempt log holds. */
  readonly steps: number;
}

/** Reads what a record names and checks it, for the seal and for who checks a package alike. */
export async function phaseProblems(
  store: ArtifactStore,
  record: PhaseRecord,
  trust: Trust,
): Promise<PhaseProblems> {
  const documents = await readNamedDocuments(store, record);
  const log = await readSigned(store, record.attempts.log.digest, attemptLogSchema);
  const told = (problems: readonly string[]): string[] =>
    problems.map((problem) => `${record.phase}: ${problem}`);
  return {
    verdicts: told(record.failure ? [] : verificationProblems(record, documents, trust)),
    says: told([
      ...(record.failure ? [] : faultProblems(record, documents)),
      ...(await agentProblems(store, record)),
    ]),
    attempts: told(log ? attemptLogProblems(log, record, trust) : ['The attempt log cannot be read.']),
    steps: log?.steps.length ?? 0,
  };
}
