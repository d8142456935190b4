import { appendFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';

/** The folder with the marks, from the address of a module. */
const folderOf = (address) => new URL(address).searchParams.get('at');

/** Where there is a mark of this name, it becomes `NAME.reached`, and the work stands still until it is killed. */
export async function pause(address, point) {
  const mark = join(folderOf(address), point);
  try {
    renameSync(mark, `${mark}.reached`);
  } catch (error) {
    if (error.code === 'ENOENT') return;
    throw error;
  }
  await new Promise(() => setInterval(() => {}, 1000));
}

/** Adds a line to a file beside the marks. */
export const note = (address, name, line) => appendFileSync(join(folderOf(address), name), `${line}\n`);
