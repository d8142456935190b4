import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Lines of a file as an editor numbers them. */
export const linesOf = (workspace: string, file: string): number =>
  readFileSync(join(workspace, file), 'utf8').split('\n').length;

/** Lines of several files together. */
export const countLines = (workspace: string, files: readonly string[]): number =>
  files.reduce((sum, file) => sum + linesOf(workspace, file), 0);
