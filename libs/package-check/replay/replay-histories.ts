import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { programPlaces } from '../../config/program-places.js';
import { runProgram } from './run-replay.js';

/** What is replayed: files by absolute path. */
export interface Replay {
  readonly bundle: string;
  readonly histories: readonly { readonly workflowId: string; readonly path: string }[];
}

const lineSchema = z.strictObject({ workflowId: z.string(), error: z.string().nullable() });

/**
 * Replays histories with the workflow code of a bundle, in a process of its own without our environment.
 *
 * @returns why histories do not replay, as sentences; none where all do
 */
export async function replayHistories(replay: Replay): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'heptad-replay-'));
  try {
    const asked = join(folder, 'asked.json');
    await writeFile(asked, JSON.stringify(replay));
    const program = join(programPlaces().root, 'dist', 'libs', 'package-check', 'replay', 'main.js');
    const { code, lines, stderr } = await runProgram(program, asked, folder);
    const told = lines.map((line) => lineSchema.parse(JSON.parse(line)));
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
