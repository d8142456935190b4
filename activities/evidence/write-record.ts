import { Context } from '@temporalio/activity';
import type { ArtifactStore } from '../../libs/artifacts/artifact-store.js';
import type { EvidenceActivities } from '../../libs/contracts/activities.js';
import { type AttemptLog, type PhaseRecord, verdictSchema } from '../../libs/contracts/evidence.js';
import type { NamedRefs } from '../../libs/contracts/phase.js';
import { loggedActivityId } from '../../libs/evidence/activity-name.js';
import { readAttemptLog } from '../../libs/evidence/attempt-entries.js';
import { readSigned } from '../../libs/evidence/read-named-documents.js';
import { workingAgents } from '../../libs/evidence/working-agents.js';
import type { Digest } from '../../libs/protocol/digest.js';
import { workflowId } from '../../libs/protocol/names.js';
import { payloadType } from '../../libs/protocol/payload-types.js';
import { verdictProblems } from '../../libs/verification/verdict-problems.js';
import { checkVerdicts } from './check-verdicts.js';
import type { EvidenceDependencies } from './dependencies.js';

/**
 * Collects the attempts of the phase's activities, and the steps that they proved, into its log and writes its
 * record, signed by the producer. The attempt that writes is not in the log: how it ends cannot be known yet.
 *
 * @throws HeptadError `VerdictInvalid` no failure is told of, but the phase was not verified; nothing was written
 */
export const writeRecord =
  ({
    store,
    producer,
    trust,
  }: Pick<EvidenceDependencies, 'store' | 'producer' | 'trust'>): EvidenceActivities['writeRecord'] =>
  async (request) => {
    const verification = {
      run: request.run,
      phase: request.phase,
      round: request.round,
      input: digestsOf(request.input),
      output: request.output?.digest ?? null,
      verdicts: request.verdicts.map(({ pass, passed, verdict }) => ({
        pass,
        passed,
        verdict: verdict.digest,
      })),
      waiver: request.waiver?.digest ?? null,
    };
    const trusted = await trust();
    if (!request.failure) await checkVerdicts(store, trusted, verification);
    const log = await attemptsBefore(store, request.run, workflowId.phase(request.run, request.phase));
    const unknown = log.attempts.filter(({ outcome }) => outcome === 'unknown').length;
    const record: Omit<PhaseRecord, 'signature'> = {
      version: 1,
      ...verification,
      tenant: request.tenant,
      failure: request.failure && { code: request.failure.code, message: request.failure.message },
      agents: await workingAgents(store, request.phase, verification.output),
      attempts: { log: await store.putJson(log), count: log.attempts.length, unknown },
      timings: { startedAt: request.startedAt, endedAt: request.endedAt },
      faults: await faultsOf(store, verification, trusted),
      notRun: request.notRun.map(({ pass, reason }) => ({ pass, reason })),
      previous: request.previous?.digest ?? null,
    };
    return await store.putJson(producer.signed(payloadType.record, record));
  };

/** The log of a phase without the attempt that asks. */
async function attemptsBefore(store: ArtifactStore, run: string, id: string): Promise<AttemptLog> {
  const { info } = Context.current();
  const own = `${info.workflowExecution?.workflowId}:${loggedActivityId(info)}`;
  const log = await readAttemptLog(store, run, id);
  return {
    ...log,
    attempts: log.attempts.filter(({ key, attempt }) => key !== own || attempt !== info.attempt),
  };
}

const digestsOf = (refs: NamedRefs): Record<string, Digest> =>
  Object.fromEntries(Object.entries(refs).map(([name, { digest }]) => [name, digest]));

/** What pass C measured; nothing where its verdict does not count. */
async function faultsOf(
  store: ArtifactStore,
  verification: Pick<PhaseRecord, 'run' | 'phase' | 'round' | 'input' | 'output' | 'verdicts'>,
  trust: Awaited<ReturnType<EvidenceDependencies['trust']>>,
): Promise<PhaseRecord['faults']> {
  const named = verification.verdicts.find(({ pass }) => pass === 'C');
  const verdict = named && (await readSigned(store, named.verdict, verdictSchema));
  const counts = verdict && verdictProblems(verdict, { ...verification, ...named }, trust).length === 0;
  return counts ? verdict.faults : [];
}
