import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { TaskFailure } from '../answer/task-failure.js';
import { byCodeUnit } from './order.js';

const skipped = new Set(['node_modules', '.git', '.hg', '.svn']);
const most = 200_000;

/**
 * Every regular file of a workspace, relative, `/`-separated, sorted by code unit. Links are not followed;
 * installed packages and the folders of version control are left out.
 *
 * @throws TaskFailure SubjectInvalid: there are more than 200,000 files
 */
export function listFiles(workspace: string): string[] {
  const found: string[] = [];
  const visit = (folder: string): void => {
    for (const entry of readdirSync(join(workspace, folder), { withFileTypes: true })) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory() && !skipped.has(entry.name)) visit(path);
      else if (entry.isFile()) found.push(path);
      if (found.length > most)
        throw new TaskFailure('SubjectInvalid', `The subject has more than ${most} files.`);
    }
  };
  visit('');
  return found.sort(byCodeUnit);
}
