import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { programPlaces } from '../../../../libs/config/program-places.js';
import { type Replay, replayHistories } from '../../../../libs/package-check/replay/replay-histories.js';

const recorded = fileURLToPath(new URL('../../../replay/histories/completed/', import.meta.url));

const recordedRun = async (): Promise<Replay> => ({
  bundle: await readFile(programPlaces().workflowBundle),
  histories: await Promise.all(
    (await readdir(recorded)).map(async (name) => {
      const bytes = await readFile(join(recorded, name));
      const { events } = JSON.parse(bytes.toString('utf8'));
      return { bytes, workflowId: events[0].workflowExecutionStartedEventAttributes.workflowId as string };
    }),
  ),
});

describe('replaying histories in a process of its own', () => {
  test('finds nothing where they are what the code does', async () => {
    await expect(replayHistories(await recordedRun())).resolves.toEqual([]);
  });

  test('names the history that is not', async () => {
    const run = await recordedRun();
    const [first] = run.histories;
    const other = run.histories.find(({ workflowId }) => workflowId.endsWith('/3-execute'));
    if (!first || !other) throw new Error('A history is missing.');
    const text = other.bytes.toString('utf8').replaceAll('"name":"collectItems"', '"name":"collectNothing"');
    const bytes = Buffer.from(text.replaceAll('"collectItems"', '"collectNothing"'));
    const cut = JSON.parse(bytes.toString('utf8'));
    cut.events.splice(5, 3);
    const histories = [{ ...other, bytes: Buffer.from(JSON.stringify(cut)) }];
    await expect(replayHistories({ ...run, histories })).resolves.toEqual([
      expect.stringContaining('/3-execute does not replay'),
    ]);
  });

  test('says so where the code does not even load', async () => {
    const run = await recordedRun();
    const problems = await replayHistories({ ...run, bundle: Buffer.from('throw new Error("no");') });
    expect(problems.length).toBeGreaterThan(0);
  });
});
