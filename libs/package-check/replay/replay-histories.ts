import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { ifThere } from '../../artifacts/if-there.js';
import { parseJson } from '../../artifacts/parse-json.js';
import { programPlaces } from '../../config/program-places.js';
import { runProgram } from './run-replay.js';

/** What is replayed: bytes that were checked, and nothing that is read again. */
export interface Replay {
  /** The workflow code. */
  readonly bundle: Buffer;
  readonly histories: readonly { readonly workflowId: string; readonly bytes: Buffer }[];
}

const answerSchema = z.array(z.strictObject({ workflowId: z.string(), error: z.string().nullable() }));

/**
 * Replays histories with the workflow code of a bundle, in a process of its own without our environment.
 *
 * @returns why histories do not replay, as sentences; none where all do
 */
export async function replayHistories(replay: Replay): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'heptad-replay-'));
  try {
    const asked = join(folder, 'asked.json');
    const answer = join(folder, 'answer.json');
    const bundle = join(folder, 'bundle.js');
    await writeFile(bundle, replay.bundle);
    const histories = await Promise.all(
      replay.histories.map(async ({ workflowId, bytes }, index) => {
        const path = join(folder, `${index}.json`);
        await writeFile(path, bytes);
        return { workflowId, path };
      }),
    );
    await writeFile(asked, JSON.stringify({ bundle, histories, answer }));
    const program = join(programPlaces().root, 'dist', 'libs', 'package-check', 'replay', 'main.js');
    const { code, stderr } = await runProgram(program, asked, folder);
    const written = await ifThere(readFile(answer));
    const told = written ? parseJson(written, answerSchema, 'What the replay says') : [];
    const problems = told.flatMap(({ workflowId, error }) =>
      error === null ? [] : [`${workflowId} does not replay: ${error}`],
    );
    if (code !== 0) return [...problems, `The replay ended with ${code}: ${stderr.slice(-500).trim()}`];
    const missing = replay.histories.length - told.length;
    return missing === 0 ? problems : [...problems, `${missing} histories were not replayed.`];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
