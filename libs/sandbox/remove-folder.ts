import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * Removes a folder that a sandboxed program could write to, if it is there. Such a program can nest folders
 * deeper than a path may be long, which `fs.rm` does not remove. No link is followed.
 */
export async function removeFolder(folder: string): Promise<void> {
  await run('/usr/bin/rm', ['-rf', '--', folder], { env: {} });
}
