import type { SnapshotEntry } from '../../contracts/subject.js';
import { HeptadError, type Problem } from '../../protocol/errors.js';
import { linkProblem } from './link-problem.js';
import { pathProblem, printable } from './paths.js';

/** Problems beyond this many are counted, not listed. */
const listed = 100;

/**
 * Checks that entries make a workspace: safe, sorted and unique paths, no file that is also a folder, no link out.
 *
 * @throws HeptadError `SubjectInvalid` with every problem
 */
export function checkEntries(entries: readonly SnapshotEntry[], what: string): void {
  const problems: Problem[] = [];
  const links = new Map<string, string>();
  const paths = new Set<string>();
  for (const entry of entries) {
    paths.add(entry.path);
    if (entry.kind === 'link') links.set(entry.path, entry.target);
  }
  let previous: string | undefined;
  for (const entry of entries) {
    const { path } = entry;
    const found = pathProblem(path);
    if (found !== undefined) problems.push({ path: printable(path), reason: found });
    if (previous === path) problems.push({ path: printable(path), reason: 'The path is there twice.' });
    if (previous !== undefined && previous > path)
      problems.push({ path: printable(path), reason: 'The path is not in order.' });
    previous = path;
    for (let cut = path.indexOf('/'); cut !== -1; cut = path.indexOf('/', cut + 1)) {
      if (!paths.has(path.slice(0, cut))) continue;
      problems.push({ path: printable(path), reason: 'A part of the path is also a file or a link.' });
      break;
    }
    const reason = entry.kind === 'link' ? linkProblem(path, entry.target, links) : undefined;
    if (reason !== undefined) problems.push({ path: printable(path), reason });
  }
  refuse(problems, what);
}

/**
 * @throws HeptadError `SubjectInvalid` with the problems, unless there is none
 */
export function refuse(problems: readonly Problem[], what: string): void {
  const [first] = problems;
  if (first === undefined) return;
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  throw new HeptadError('SubjectInvalid', `${what} cannot be used: ${first.path}: ${first.reason}${more}`, {
    problems: problems.slice(0, listed),
  });
}
