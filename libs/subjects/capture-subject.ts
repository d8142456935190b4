import { snapshot } from '../artifacts/snapshot/snapshot.js';
import type { CapturedSubject, Subject } from '../contracts/subject.js';
import { captureGit } from './capture-git.js';
import { captureNpm } from './capture-npm.js';
import type { CaptureOptions } from './capture-options.js';
import { captureText } from './capture-text.js';
import { checkLocal, ignoredInFolders } from './check-local.js';
import { titleOf } from './title-of.js';

export interface SubjectOptions extends CaptureOptions {
  readonly subject: Subject;
  /** Folders below which directories and local repositories may be. */
  readonly roots: readonly string[];
}

/**
 * Captures a subject as a workspace. It may be repeated: the same subject gives the same snapshot.
 *
 * @throws HeptadError as {@link captureNpm}, {@link captureGit}, {@link checkLocal} and {@link snapshot} do
 */
export async function captureSubject({
  subject: asked,
  roots,
  ...options
}: SubjectOptions): Promise<CapturedSubject> {
  const { store, limits, signal, heartbeat } = options;
  const subject = await checkLocal(asked, roots, signal);
  switch (subject.kind) {
    case 'npm':
      return captureNpm(subject, options);
    case 'git':
      return captureGit(subject, options);
    case 'text':
      return captureText(subject, options);
    case 'directory': {
      const taken = await snapshot(store, subject.path, {
        ignore: ignoredInFolders,
        signal,
        heartbeat,
        ...(limits === undefined ? {} : { limits }),
      });
      return { subject, title: titleOf(subject), snapshot: taken };
    }
  }
}
