import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger, Worker } from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import { beforeAll, describe, expect, test } from 'vitest';
import { programPlaces } from '../../libs/config/program-places.js';
import { workflowId } from '../../libs/protocol/names.js';
import { phaseNames } from '../../libs/protocol/phases.js';
import { quietRuntime } from '../support/quiet-runtime.js';

/** A folder per recorded run: the files of `histories` in its package. */
const recordings = fileURLToPath(new URL('histories/', import.meta.url));

interface Recorded {
  readonly name: string;
  readonly workflowId: string;
  readonly history: unknown;
}

async function recordedHistories(): Promise<Recorded[]> {
  const runs = await readdir(recordings);
  const nested = await Promise.all(
    runs.map(async (run) => {
      const files = await readdir(join(recordings, run));
      return await Promise.all(files.map((file) => read(run, file)));
    }),
  );
  return nested.flat();
}

async function read(run: string, file: string): Promise<Recorded> {
  const history: Record<string, unknown> = JSON.parse(await readFile(join(recordings, run, file), 'utf8'));
  return { name: `${run}/${file}`, workflowId: idFrom(history), history };
}

/** Every history begins with its own workflow id. */
function idFrom(history: Record<string, unknown>): string {
  const [first] = history.events as { workflowExecutionStartedEventAttributes: { workflowId: string } }[];
  return first?.workflowExecutionStartedEventAttributes.workflowId ?? '';
}

describe('the histories of recorded runs', () => {
  let recorded: Recorded[];
  beforeAll(async () => {
    quietRuntime();
    recorded = await recordedHistories();
  });

  test('hold every phase of a run that completed and of one that failed', () => {
    const kinds = recorded.map((one) => one.workflowId.replace(/^run-[^/]+/, 'run-x'));
    for (const phase of phaseNames) expect(kinds).toContain(workflowId.phase('x', phase));
    expect(kinds.filter((kind) => kind === 'run-x').length).toBeGreaterThan(1);
  });

  test('replay with the workflows as they are now', async () => {
    const { workflowBundle } = programPlaces();
    const failures = await replay({ codePath: workflowBundle });
    expect(failures).toEqual([]);
  });

  test('do not replay with workflows that do something else', async () => {
    const changed = await bundleWorkflowCode({
      workflowsPath: fileURLToPath(new URL('changed-workflows.ts', import.meta.url)),
      workflowInterceptorModules: [
        fileURLToPath(new URL('../../workflows/interceptors.ts', import.meta.url)),
      ],
      logger: new DefaultLogger('ERROR'),
    });
    const failures = await replay(changed);
    expect(failures.length).toBeGreaterThan(0);
    for (const { error } of failures) expect(error).toBeInstanceOf(DeterminismViolationError);
    expect(failures.map(({ name }) => name).every((name) => /ingest/.test(name))).toBe(true);
  });

  type Bundle = { codePath: string } | { code: string };
  async function replay(workflowBundle: Bundle): Promise<{ name: string; error: Error }[]> {
    const failures: { name: string; error: Error }[] = [];
    const names = new Map(recorded.map(({ workflowId: id, name }) => [id, name]));
    const replayed = Worker.runReplayHistories(
      { workflowBundle, replayName: 'recorded' },
      recorded.map(({ workflowId: id, history }) => ({ workflowId: id, history })),
    );
    for await (const { workflowId: id, error } of replayed)
      if (error) failures.push({ name: names.get(id) ?? id, error });
    return failures;
  }
});
