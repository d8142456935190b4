import { Context } from '@temporalio/activity';
import type { EvidenceActivities } from '../../libs/contracts/activities.js';
import type { ArtifactRef } from '../../libs/contracts/artifact.js';
import type { AttemptLog, PhaseRecord } from '../../libs/contracts/evidence.js';
import { executionSchema, type NamedRefs } from '../../libs/contracts/phase.js';
import { loggedActivityId, readAttempts } from '../../libs/evidence/attempt-entries.js';
import type { Digest } from '../../libs/protocol/digest.js';
import { type ErrorCode, HeptadError } from '../../libs/protocol/errors.js';
import { workflowId } from '../../libs/protocol/names.js';
import type { EvidenceDependencies } from './dependencies.js';

/**
 * Collects the attempts of the phase's activities into its log and writes its record. The attempt that writes
 * is not in the log: how it ends cannot be known yet.
 */
export const writeRecord =
  ({ store }: Pick<EvidenceDependencies, 'store'>): EvidenceActivities['writeRecord'] =>
  async (request) => {
    const { info } = Context.current();
    const id = workflowId.phase(request.run, request.phase);
    const own = `${info.workflowExecution?.workflowId}:${loggedActivityId(info)}`;
    const attempts = (await readAttempts(store, request.run, id)).filter(
      ({ key, attempt }) => key !== own || attempt !== info.attempt,
    );
    const log = await store.putJson({ version: 1, attempts } satisfies AttemptLog);
    const record: PhaseRecord = {
      version: 1,
      run: request.run,
      tenant: request.tenant,
      phase: request.phase,
      round: request.round,
      input: digestsOf(request.input),
      output: request.output?.digest ?? null,
      failure: request.failure && { code: request.failure.code, message: request.failure.message },
      agents: request.phase === 'execute' && request.output ? await agentsOf(store, request.output) : [],
      attempts: {
        log,
        count: attempts.length,
        unknown: attempts.filter(({ outcome }) => outcome === 'unknown').length,
      },
      timings: { startedAt: request.startedAt, endedAt: request.endedAt },
      verdicts: request.verdicts.map(({ pass, passed, verdict }) => ({
        pass,
        passed,
        verdict: verdict.digest,
      })),
      notRun: request.notRun.map(({ pass, reason }) => ({ pass, reason })),
      previous: request.previous?.digest ?? null,
    };
    return await store.putJson(record);
  };

const digestsOf = (refs: NamedRefs): Record<string, Digest> =>
  Object.fromEntries(Object.entries(refs).map(([name, { digest }]) => [name, digest]));

async function agentsOf(
  store: EvidenceDependencies['store'],
  executed: ArtifactRef,
): Promise<PhaseRecord['agents']> {
  try {
    const { results } = await store.getJson(executed.digest, executionSchema);
    return results.flatMap(({ item, agent, outcome }) =>
      agent ? [{ item, agent: agent.id, manifest: agent.manifest, outcome: outcome.digest }] : [],
    );
  } catch (error) {
    // What cannot be read was rejected by pass A; the record that says so is written all the same.
    if (error instanceof HeptadError && unreadable.has(error.code)) return [];
    throw error;
  }
}

const unreadable: ReadonlySet<ErrorCode> = new Set(['ArtifactCorrupt', 'ArtifactUnknown', 'InputInvalid']);
