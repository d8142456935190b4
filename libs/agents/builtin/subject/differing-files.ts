import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { listFiles } from './list-files.js';

/** The files of `after` that `before` has not, or has with other bytes. Relative, sorted by code unit. */
export const differingFiles = (before: string, after: string): string[] =>
  listFiles(after).filter((file) => {
    const old = join(before, file);
    return !existsSync(old) || !readFileSync(old).equals(readFileSync(join(after, file)));
  });
