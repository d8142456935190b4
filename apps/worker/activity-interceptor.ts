import type { Context } from '@temporalio/activity';
import { ApplicationFailure, ApplicationFailureCategory, CancelledFailure } from '@temporalio/common';
import type { ActivityInboundCallsInterceptor } from '@temporalio/worker';
import type { ArtifactStore } from '../../libs/artifacts/artifact-store.js';
import { canonicalJson } from '../../libs/artifacts/canonical-json.js';
import type { Attempt } from '../../libs/contracts/evidence.js';
import type { Signer } from '../../libs/crypto/signer.js';
import { loggedActivityId } from '../../libs/evidence/activity-name.js';
import { attemptEntryName } from '../../libs/evidence/attempt-entries.js';
import { Progress, progress } from '../../libs/evidence/progress.js';
import { failureOf, HeptadError } from '../../libs/protocol/errors.js';
import { runOfWorkflowId } from '../../libs/protocol/names.js';
import type { Logger } from '../../libs/telemetry/logger.js';
import { type AttemptNotes, attemptNotes } from '../../libs/temporal/attempt-notes.js';
import type { CircuitBreakers } from './circuit-breakers.js';
import { dependencyOf } from './guarded-dependencies.js';

export interface InterceptorDependencies {
  readonly store: ArtifactStore;
  readonly breakers: CircuitBreakers;
  readonly logger: Logger;
  /** The process's own identity, which proves its activities' progress. */
  readonly signer: Signer;
  /** Name of this worker process in the attempt log. */
  readonly worker: string;
}

/** Between two signs of life, in milliseconds; the proxies' heartbeat timeout is 2 s. */
const beatEvery = 500;

/**
 * What every activity does in the same way: it is logged as an attempt before it begins and when it ends, it says
 * that it lives and how far it has come, goes on with the steps that earlier attempts proved, stands under the circuit
 * breaker of its dependency, and an error becomes a failure with its code.
 *
 * Histories say little about failed attempts, so the attempt log is kept beside them.
 */
export const activityInterceptor =
  ({ store, breakers, logger, signer, worker }: InterceptorDependencies) =>
  (context: Context): ActivityInboundCallsInterceptor => ({
    async execute(input, next) {
      const { activityType, attempt, workflowExecution, isLocal } = context.info;
      const activityId = loggedActivityId(context.info);
      const workflowId = workflowExecution?.workflowId ?? '';
      const run = runOfWorkflowId(workflowId);
      const log = logger.child({ run, activity: activityType, activityId, attempt });
      const notes: AttemptNotes = { sandbox: null };
      const began: Attempt = {
        key: `${workflowId}:${activityId}`,
        activity: activityType,
        attempt,
        startedAt: new Date().toISOString(),
        endedAt: null,
        outcome: 'unknown',
        code: null,
        worker,
        sandbox: null,
        lastStep: null,
      };
      const proving =
        run === undefined || isLocal
          ? undefined
          : {
              ...{ store, signer, run, workflowId, activityId, attempt },
              heartbeat: (details?: unknown): void => context.heartbeat(details),
            };
      let steps: Progress | undefined;
      const write = async (which: 'begin' | 'end', entry: Attempt): Promise<void> => {
        if (run === undefined) return;
        const name = attemptEntryName({ run, workflowId, activityId, attempt }, which);
        await store.entries.put(name, canonicalJson(entry), { ifAbsent: true });
      };
      const ended = (outcome: Attempt['outcome'], code: string | null): Promise<void> =>
        write('end', {
          ...began,
          ...{ endedAt: new Date().toISOString(), outcome, code, sandbox: notes.sandbox },
          lastStep: steps?.provenHere ?? null,
        });

      await write('begin', began);
      log.debug('Attempt begins.');
      // By its silence a killed worker is noticed. Local activities have no heartbeats: Temporal begins them again.
      const say = (): void => (steps ? steps.beat() : context.heartbeat(context.info.heartbeatDetails));
      const beat = isLocal ? undefined : setInterval(say, beatEvery);
      try {
        steps = proving && (await Progress.open(proving));
        const told = stepOf(context.info.heartbeatDetails);
        if (steps && told !== undefined && !steps.has(told))
          log.warn({ step: told }, 'The store does not have a step that a heartbeat named.');
        const dependency = dependencyOf(activityType, input.args);
        const call = (): Promise<unknown> =>
          attemptNotes.run(notes, () => progress.run(steps, () => next(input)));
        const result = await (dependency === undefined ? call() : breakers.guard(dependency, call));
        await ended('completed', null);
        log.info('Attempt completed.');
        return result;
      } catch (error) {
        if (context.cancellationDetails?.cancelRequested) {
          await ended('cancelled', null);
          log.info('Attempt was cancelled.');
          throw error instanceof CancelledFailure
            ? error
            : new CancelledFailure('The activity was cancelled.');
        }
        // Anything else that aborts an activity (the worker stops, it was reset) leaves the work to a later attempt.
        const interrupted = context.cancellationSignal.aborted;
        const failure = interrupted ? failureOf(new HeptadError('WorkerStopping')) : toFailure(error);
        await ended('failed', failure.type ?? 'Unexpected');
        const benign = failure.category === ApplicationFailureCategory.BENIGN;
        log[benign ? 'debug' : 'warn']({ err: error, code: failure.type }, 'Attempt failed.');
        throw withoutStack(failure);
      } finally {
        clearInterval(beat);
      }
    },
  });

/** The step that the last heartbeat of the attempt before named. */
const stepOf = (details: unknown): unknown =>
  typeof details === 'object' && details !== null && 'step' in details ? details.step : undefined;

function toFailure(error: unknown): ApplicationFailure {
  if (error instanceof ApplicationFailure) return error;
  if (error instanceof HeptadError) return failureOf(error);
  return failureOf(new HeptadError('Unexpected', error instanceof Error ? error.message : String(error)));
}

/** The stack names paths of this machine, which have no place in a history; the log has it. */
function withoutStack(failure: ApplicationFailure): ApplicationFailure {
  failure.stack = `${failure.name}: ${failure.message}`;
  return failure;
}
