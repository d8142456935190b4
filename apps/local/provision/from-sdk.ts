import { readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { downloadAnswers } from '../requirements.mjs';
import { run } from '../setup/run.mjs';
import { say, step } from '../setup/step.mjs';

const program = fileURLToPath(new URL('./sdk-download.mjs', import.meta.url));

/**
 * Tries to download a server by the SDK's own means.
 *
 * @returns whether it is now in the folder, under the given name
 */
export async function fromSdk({
  kind,
  version,
  folder,
  name,
  what,
}: {
  readonly kind: 'cli' | 'test-server';
  readonly version: string;
  readonly folder: string;
  readonly name: string;
  readonly what: string;
}): Promise<boolean> {
  if (!(await downloadAnswers(process.env))) return false;
  const result = await step(`Downloading ${what} ${version}`, () =>
    run(process.execPath, [program, kind, version, folder], { timeout: 600_000 }),
  );
  const [file] = (await readdir(folder)).filter((entry) => !entry.endsWith('.downloading'));
  if (result.code !== 0 || file === undefined) {
    say(`The download of ${what} failed: ${result.stderr.trim().split('\n').at(-1) ?? 'it said nothing'}`);
    return false;
  }
  await rename(join(folder, file), join(folder, name));
  return true;
}
