import { statSync } from 'node:fs';
import { join } from 'node:path';
import { publishedFiles } from './published-files.js';

/** How many files `npm publish` would take from a folder, and their bytes. */
export function publishedSize(folder: string): { files: number; bytes: number } {
  const files = publishedFiles(folder);
  return {
    files: files.length,
    bytes: files.reduce((sum, file) => sum + statSync(join(folder, file)).size, 0),
  };
}
