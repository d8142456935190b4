import { Context } from '@temporalio/activity';
import { NativeConnection, Worker } from '@temporalio/worker';
import { pino } from 'pino';
import { activityInterceptor } from '../../apps/worker/activity-interceptor.js';
import { CircuitBreakers } from '../../apps/worker/circuit-breakers.js';
import type { ArtifactStore } from '../../libs/artifacts/artifact-store.js';
import { paths } from '../../libs/config/paths.js';
import type { VerdictRequest, VerificationActivities } from '../../libs/contracts/activities.js';
import type { Pass, Verdict, VerdictRef } from '../../libs/contracts/evidence.js';
import { openSigner } from '../../libs/crypto/open-signer.js';
import type { Signer } from '../../libs/crypto/signer.js';
import { type QueueName, queue } from '../../libs/protocol/names.js';
import { verifierOf } from '../../libs/verification/verdict-problems.js';
import type { LiveStack } from './live-stack.js';
import { quietRuntime } from './quiet-runtime.js';
import type { ServiceSigners } from './service-signers.js';

export type VerifierKeys = Pick<ServiceSigners, 'verifiers'>;

/** How verifiers of a test behave. */
export interface OtherVerifiers {
  readonly judge: (request: VerdictRequest, attempt: number) => Promise<VerdictRef>;
  /** Comes before all else, without a sign of life while it lasts. */
  readonly before?: (request: VerdictRequest, context: Context) => Promise<void>;
}

const queues: readonly (readonly [Pass, QueueName])[] = [
  ['A', queue.verifyA],
  ['B', queue.verifyB],
  ['C', queue.verifyC],
];

/** The keys that a stack made for its verifiers: whoever has its data folder has them. */
export async function verifierKeys({ config }: LiveStack): Promise<VerifierKeys> {
  const open = (pass: Pass): Promise<Signer> => openSigner(paths(config), verifierOf(pass));
  return { verifiers: { A: await open('A'), B: await open('B'), C: await open('C') } };
}

/** What a verdict that rejects says otherwise than one that passes. */
export const rejection = {
  passed: false,
  checks: [{ check: 'none', ok: false, says: 'It rejects what it did not look at.' }],
} satisfies Partial<Verdict>;

/** Stores a verdict and answers with it, as a verifier does. */
export const answer = async (store: ArtifactStore, verdict: Verdict): Promise<VerdictRef> => ({
  pass: verdict.pass,
  passed: verdict.passed,
  verdict: await store.putJson(verdict),
  checks: verdict.checks.length,
  disagrees: verdict.disagrees,
  failures: verdict.checks.filter(({ ok }) => !ok).map(({ check, says }) => `${check}: ${says}`),
});

/**
 * Serves the verifiers' queues of a stack from this process, as its own verifiers do, which must be down.
 *
 * @returns stops them
 */
export async function serveVerifiers(
  { config, store }: LiveStack,
  keys: VerifierKeys,
  { judge, before }: OtherVerifiers,
): Promise<() => Promise<void>> {
  quietRuntime();
  const { address, namespace } = config.temporal;
  const connection = await NativeConnection.connect({ address });
  const breakers = new CircuitBreakers();
  const logger = pino({ level: 'silent' });
  const serve = async ([pass, taskQueue]: readonly [Pass, QueueName]): Promise<Worker> => {
    const intercept = activityInterceptor({
      ...{ store, breakers, logger },
      signer: keys.verifiers[pass],
      worker: `another verifier ${pass}`,
    });
    const activities: VerificationActivities = {
      judgePhase: (request) => judge(request, Context.current().info.attempt),
      cleanUpVerifiers: async () => ({ scratchFolders: 0 }),
    };
    return await Worker.create({
      ...{ connection, namespace, taskQueue },
      activities: { ...activities },
      interceptors: {
        activity: [
          (context) => ({
            inbound: {
              execute: async (input, next) => {
                if (context.info.activityType === 'judgePhase')
                  await before?.(input.args[0] as VerdictRequest, context);
                return await next(input);
              },
            },
          }),
          (context) => ({ inbound: intercept(context) }),
        ],
      },
    });
  };
  const workers = await Promise.all(queues.map(serve));
  const running = workers.map((worker) => worker.run());
  return async () => {
    for (const worker of workers) worker.shutdown();
    await Promise.all(running);
    await connection.close();
  };
}
