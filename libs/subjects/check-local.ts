import { lstat, readFile, realpath } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { errorCodeOf, ifThere } from '../artifacts/if-there.js';
import { printable } from '../artifacts/snapshot/paths.js';
import { walkFolder } from '../artifacts/snapshot/walk-folder.js';
import type { Subject } from '../contracts/subject.js';
import { HeptadError } from '../protocol/errors.js';

/** What is left out of a folder that is captured, where it stands in its root. */
export const ignoredInFolders: readonly string[] = ['.git', 'node_modules'];

/**
 * Checks a folder or local repository before anything is done with it; other subjects pass. Nothing is stored.
 *
 * @param roots folders below which subjects may be; a root itself may be one, too
 * @returns the subject with the real path, or as it was
 * @throws HeptadError `SubjectNotAllowed` where it is not below a root, also through a link; `SubjectUnknown` where it
 *   does not exist, is no folder or cannot be read; `SubjectInvalid` where it is empty, holds links out, other files
 *   than regular ones or names that cannot be used, or is a repository that depends on things outside of it
 */
export async function checkLocal(
  subject: Subject,
  roots: readonly string[],
  signal?: AbortSignal,
): Promise<Subject> {
  if (subject.kind === 'directory') {
    const path = await allowedPath(subject.path, roots);
    const { files, links } = await walkFolder(path, { ignore: ignoredInFolders, signal }, opened);
    if (files + links.size === 0)
      throw new HeptadError('SubjectInvalid', `The folder ${printable(path)} is empty.`);
    return { ...subject, path };
  }
  if (subject.kind === 'git' && subject.url.startsWith('/')) {
    const url = await allowedPath(subject.url, roots);
    await checkRepository(url, signal);
    return { ...subject, url };
  }
  return subject;
}

// Opening every file, as the walk does for a visitor, shows that it can be read.
const opened = async () => {};

/**
 * The real path of a folder or local repository, if it is below a root, also through a link. Nothing in it is looked at.
 *
 * @throws HeptadError `SubjectNotAllowed`; `SubjectUnknown` where there is nothing that can be read
 */
export async function allowedPath(path: string, roots: readonly string[]): Promise<string> {
  const absolute = resolve(path);
  const real = await Promise.all(roots.map(async (root) => (await ifThere(realpath(root))) ?? resolve(root)));
  // By its name first, so that nobody learns from the answer what exists elsewhere.
  if (![...roots.map((root) => resolve(root)), ...real].some((root) => isBelow(root, absolute)))
    throw notAllowed(absolute, roots);
  const found = await realpath(absolute).catch((error: unknown) => {
    throw new HeptadError('SubjectUnknown', `${printable(absolute)} ${reasonOf(error)}`, { cause: error });
  });
  if (!real.some((root) => isBelow(root, found))) throw notAllowed(absolute, roots);
  return found;
}

function reasonOf(error: unknown): string {
  switch (errorCodeOf(error)) {
    case 'ENOENT':
      return 'does not exist. Packages are written npm:NAME@VERSION.';
    case 'EACCES':
      return 'cannot be read: permission denied.';
    default:
      return 'is not a folder.';
  }
}

/** Whether a path is a folder or below it; both absolute. Nothing is looked up. */
export function isBelow(root: string, path: string): boolean {
  const way = relative(root, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`));
}

const notAllowed = (path: string, roots: readonly string[]) =>
  new HeptadError(
    'SubjectNotAllowed',
    roots.length === 0
      ? `${printable(path)} is not allowed: HEPTAD_SUBJECT_ROOTS names no folder for subjects.`
      : `${printable(path)} is not below a folder for subjects, which are ${roots.map(printable).join(', ')}. ` +
          'Start the service with HEPTAD_SUBJECT_ROOTS set to others.',
  );

async function checkRepository(path: string, signal: AbortSignal | undefined): Promise<void> {
  const inner = await ifThere(lstat(join(path, '.git')));
  if (inner !== undefined && !inner.isDirectory())
    throw new HeptadError(
      'SubjectInvalid',
      `${printable(path)} keeps its repository elsewhere. Name that one.`,
    );
  const repository = inner === undefined ? path : join(path, '.git');
  const { files } = await walkFolder(repository, { signal }, opened);
  if (files === 0) throw new HeptadError('SubjectInvalid', `The repository ${printable(path)} is empty.`);
  for (const name of ['commondir', 'objects/info/alternates', 'objects/info/http-alternates']) {
    if ((await ifThere(lstat(join(repository, name)))) === undefined) continue;
    throw new HeptadError(
      'SubjectInvalid',
      `${printable(path)} borrows from another repository (${name}). Name a clone.`,
    );
  }
  // A partial clone makes git fetch what is missing, with programs that its configuration names.
  for (const name of ['config', 'config.worktree']) {
    const text = (await ifThere(readFile(join(repository, name), 'utf8'))) ?? '';
    if (!/partialclone|promisor|\[\s*include/i.test(text)) continue;
    throw new HeptadError(
      'SubjectInvalid',
      `The configuration of ${printable(path)} makes it a partial clone or includes other files. Name a full clone.`,
    );
  }
}
