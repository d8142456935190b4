import { readdir, readFile, rmdir, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { HeptadError } from '../protocol/errors.js';
import type { NamedEntries } from './artifact-store.js';
import { linkInto, moveInto, syncFolder, writeTemporary } from './durable-files.js';
import { errorCodeOf, ifThere } from './if-there.js';

// No segment has a tilde, so that `a` (the file `a~`) and `a/b` (in the folder `a`) can both exist, as in S3.
const mark = '~';
const segment = /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}$/;

/** Named entries as files below `folder`; they are written in `temporary`, which is in the same file system. */
export function fileEntries(folder: string, temporary: string): NamedEntries {
  const pathOf = (name: string) => join(folder, ...segmentsOf(name)) + mark;

  return {
    async put(name, content, { ifAbsent = false } = {}) {
      const path = pathOf(name);
      const file = await writeTemporary(temporary, [Buffer.from(content)]);
      if (ifAbsent) {
        if (!(await linkInto(file.path, path))) return false;
      } else {
        await moveInto(file.path, path);
      }
      await ifThere(syncFolder(dirname(path)));
      return true;
    },

    async get(name) {
      return ifThere(readFile(pathOf(name)));
    },

    async list(prefix) {
      const cut = prefix.lastIndexOf('/') + 1;
      const start = prefix.slice(0, cut);
      if (start !== '') segmentsOf(start.slice(0, -1));
      const names = await namesBelow(join(folder, start), start);
      return names.filter((name) => name.startsWith(prefix)).sort();
    },

    async delete(name) {
      const path = pathOf(name);
      const found = await ifThere(unlink(path).then(() => true));
      if (found === undefined) return false;
      await ifThere(syncFolder(dirname(path)));
      await removeEmptyFolders(dirname(path), folder);
      return true;
    },
  };
}

function segmentsOf(name: string): string[] {
  const segments = name.split('/');
  if (name.length <= 1000 && segments.every((part) => segment.test(part))) return segments;
  throw new HeptadError(
    'InputInvalid',
    `The entry name ${JSON.stringify(name.slice(0, 200))} is not made of segments of letters, digits, "_", "-" and "." (not first).`,
  );
}

async function namesBelow(folder: string, start: string): Promise<string[]> {
  const names: string[] = [];
  for (const found of (await ifThere(readdir(folder, { withFileTypes: true }))) ?? []) {
    if (found.isDirectory())
      names.push(...(await namesBelow(join(folder, found.name), `${start}${found.name}/`)));
    else if (found.name.endsWith(mark)) names.push(start + found.name.slice(0, -mark.length));
  }
  return names;
}

async function removeEmptyFolders(folder: string, root: string): Promise<void> {
  for (let at = folder; at !== root; at = dirname(at)) {
    try {
      await rmdir(at);
    } catch (error) {
      const code = errorCodeOf(error);
      if (code === 'ENOTEMPTY' || code === 'EEXIST' || code === 'ENOENT') return;
      throw error;
    }
  }
}
