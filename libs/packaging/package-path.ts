import { pathProblem } from '../artifacts/snapshot/paths.js';
import { filesAfterManifest, layout } from './layout.js';

/** Folders in a package of which its manifest lists nothing: its own, and those that come after it. */
const kept: readonly string[] = ['manifest', 'attestations', layout.histories, layout.seal];

/** Files that a subject named. */
const subjectFiles = layout.artifacts.file('');

const segment = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,120}$/;

/** Why a path cannot be one that a package's manifest lists; undefined where it can. */
export function packagePathProblem(path: string): string | undefined {
  const shown = JSON.stringify(path.slice(0, 300));
  if (path.startsWith(subjectFiles)) {
    const problem = pathProblem(path.slice(subjectFiles.length));
    return problem && `${shown} is not a path below the package: ${problem}`;
  }
  const segments = path.split('/');
  if (path.length > 300 || !segments.every((part) => segment.test(part)))
    return `${shown} is not a path of plain names below the package.`;
  const lower = path.toLowerCase();
  const [first = ''] = lower.split('/');
  if (kept.includes(first) || filesAfterManifest.includes(lower))
    return `${path} has a name that the package keeps for itself.`;
  return undefined;
}
