import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { argv, pid } from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { Context } from '@temporalio/activity';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { pino } from 'pino';
import { activityInterceptor } from '../../apps/worker/activity-interceptor.js';
import { CircuitBreakers } from '../../apps/worker/circuit-breakers.js';
import { openStore } from '../../libs/artifacts/open-store.js';
import type { AgentItem } from '../../libs/contracts/activities.js';
import type { ItemResult } from '../../libs/contracts/graph.js';
import { HeptadError } from '../../libs/protocol/errors.js';
import { refTo, resultOf } from '../support/activity-doubles.js';
import { freshSigner } from '../support/signers.js';
import { drawFailure, type KindOfFailure } from './transient-failures.js';

/**
 * Serves the agents' queue as a worker does, with its interceptor and breakers, and with an activity that fails as it is
 * drawn. Each failure is a line of output before it happens. It ends by SIGTERM, or kills itself where that is drawn.
 */
const [, , address = '', namespace = '', folder = '.', seed = '0', probability = '0'] = argv;
const drawn = { seed: Number(seed), probability: Number(probability) };
const workMs = 50;

async function runAgent({ item, agent }: AgentItem): Promise<ItemResult> {
  const { activityId, attempt } = Context.current().info;
  await delay(workMs);
  const kind = drawFailure(drawn, activityId, attempt);
  if (kind !== undefined) {
    writeSync(1, `${JSON.stringify({ item: item.id, attempt, kind })}\n`);
    await fail(kind);
  }
  return resultOf(item, { agent, outcome: refTo(`outcome of ${item.id}`) });
}

async function fail(kind: KindOfFailure): Promise<never> {
  switch (kind) {
    case 'thrown':
      throw new Error('It broke off.');
    case 'unreachable':
      throw new HeptadError('DependencyUnreachable');
    case 'limited':
      throw new HeptadError('RateLimited');
    case 'hung':
      return await Context.current().cancelled;
    case 'killed':
      process.kill(pid, 'SIGKILL');
      return await Context.current().cancelled;
  }
}

Runtime.install({
  logger: new DefaultLogger('ERROR'),
  telemetryOptions: { logging: { filter: 'ERROR', forward: {} } },
});
const dependencies = {
  store: openStore(join(folder, 'artifacts')),
  breakers: new CircuitBreakers(),
  logger: pino({ level: 'silent' }),
  signer: freshSigner('agents'),
  worker: `agents#${pid}`,
};
const connection = await NativeConnection.connect({ address });
const worker = await Worker.create({
  connection,
  namespace,
  taskQueue: 'agents',
  activities: { runAgent },
  interceptors: { activity: [(context) => ({ inbound: activityInterceptor(dependencies)(context) })] },
  // As a worker of the local stack has it.
  maxConcurrentActivityTaskExecutions: 4,
  maxHeartbeatThrottleInterval: '500ms',
  defaultHeartbeatThrottleInterval: '500ms',
});
await worker.run();
await connection.close();
