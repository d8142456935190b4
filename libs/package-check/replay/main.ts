import { readFile, writeFile } from 'node:fs/promises';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { z } from 'zod';
import { canonicalJson } from '../../artifacts/canonical-json.js';

/**
 * Replays histories with a workflow bundle, in a process of its own. The argument is a file with what to replay; how it
 * went is written to the file that it names, because the SDK says things on standard output.
 */
const askedSchema = z.strictObject({
  bundle: z.string(),
  histories: z.array(z.strictObject({ workflowId: z.string(), path: z.string() })),
  answer: z.string(),
});

const [, , file = ''] = process.argv;
const { bundle, histories, answer } = askedSchema.parse(JSON.parse(await readFile(file, 'utf8')));
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
const told: { workflowId: string; error: string | null }[] = [];
for await (const { workflowId, error } of replayed)
  told.push({ workflowId, error: error ? `${error.name}: ${error.message}` : null });
await writeFile(answer, canonicalJson(told));
