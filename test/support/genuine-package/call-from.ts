import { Context, type Info } from '@temporalio/activity';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { pino } from 'pino';
import { activityInterceptor } from '../../../apps/worker/activity-interceptor.js';
import { CircuitBreakers } from '../../../apps/worker/circuit-breakers.js';
import { proveStep } from '../../../libs/evidence/progress.js';
import type { ServiceIdentity } from '../../../libs/protocol/identities.js';
import type { SmallRun } from '../small-run.js';
import type { RecordedHistory } from './recorded-history.js';

/** An activity as a workflow calls it. */
export interface Called<T> {
  readonly type: string;
  /** Left out where it is a local one. */
  readonly id?: string;
  readonly by?: ServiceIdentity;
  readonly input: unknown;
  readonly body: () => Promise<T>;
}

/**
 * Carries an activity out as a worker does, under its interceptor, and writes down in the history what it answered.
 * So its attempt is logged, and it proves a step where it is not local.
 */
export async function callFrom<T>(
  history: RecordedHistory,
  { store, signers }: Pick<SmallRun, 'store' | 'signers'>,
  { type, id, by = 'producer', input, body }: Called<T>,
): Promise<T> {
  const intercept = activityInterceptor({
    store,
    signer: signers[by],
    breakers: new CircuitBreakers(),
    logger: pino({ level: 'silent' }),
    worker: `${by}@here#1`,
  });
  const info: Partial<Info> = {
    activityId: id ?? String(history.locals + 1),
    activityType: type,
    attempt: 1,
    isLocal: id === undefined,
    workflowExecution: history.execution,
  };
  const environment = new MockActivityEnvironment(info, { logger: new DefaultLogger('ERROR') });
  const result: T = await environment.run(
    async () =>
      (await intercept(Context.current()).execute?.({ args: [input], headers: {} }, async () => {
        if (id !== undefined) await proveStep({ milestone: 'began', percent: 0 });
        return await body();
      })) as T,
  );
  if (id === undefined) history.calledLocally({ type, result });
  else history.called({ type, id, queue: by, input, result });
  return result;
}
