import { readFile } from 'node:fs/promises';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { z } from 'zod';

/**
 * Replays histories with a workflow bundle, in a process of its own. The argument is a file with what to replay; a
 * line of JSON per history says how it went.
 */
const askedSchema = z.strictObject({
  bundle: z.string(),
  histories: z.array(z.strictObject({ workflowId: z.string(), path: z.string() })),
});

const [, , file = ''] = process.argv;
const { bundle, histories } = askedSchema.parse(JSON.parse(await readFile(file, 'utf8')));
Runtime.install({ logger: new DefaultLogger('ERROR'), shutdownSignals: [] });
const read = await Promise.all(
  histories.map(async ({ workflowId, path }) => ({
    workflowId,
    history: JSON.parse(await readFile(path, 'utf8')) as unknown,
  })),
);
const replayed = Worker.runReplayHistories(
  { workflowBundle: { codePath: bundle }, replayName: 'package' },
  read,
);
for await (const { workflowId, error } of replayed)
  console.log(JSON.stringify({ workflowId, error: error ? `${error.name}: ${error.message}` : null }));
