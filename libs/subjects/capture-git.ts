import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { printable } from '../artifacts/snapshot/paths.js';
import { writeSnapshot } from '../artifacts/snapshot/write-snapshot.js';
import type { CapturedSubject, Subject } from '../contracts/subject.js';
import { HeptadError } from '../protocol/errors.js';
import type { CaptureOptions } from './capture-options.js';
import { readArchive } from './read-archive.js';
import { gitFailure, missingRef, runGit } from './run-git.js';
import { titleOf } from './title-of.js';
import { withScratchFolder } from './with-scratch-folder.js';

type GitSubject = Extract<Subject, { kind: 'git' }>;

// The highest place for attributes: nothing in the repository can leave out, convert or expand what is captured.
const attributes = '* -export-ignore -export-subst -text -ident -filter !eol !crlf !working-tree-encoding\n';

/**
 * Fetches one commit of a repository into a bare one of our own and captures its files, as they are stored. Nothing is
 * checked out; submodules are left out.
 *
 * @throws HeptadError `SubjectUnknown` where the repository or the ref is not there or may not be read;
 *   `DependencyUnreachable`; `SubjectInvalid` where its paths or links are not safe
 */
export async function captureGit(subject: GitSubject, options: CaptureOptions): Promise<CapturedSubject> {
  const { store, scratch, limits, signal, heartbeat } = options;
  const title = titleOf(subject);
  const protocol = protocolOf(subject.url);
  return withScratchFolder(scratch, async (scratchFolder) => {
    const folder = join(scratchFolder, 'repository');
    await mkdir(folder);
    const git = (...args: string[]) => runGit(protocol, { arguments: args, folder, signal, heartbeat });
    const checked = async (...args: string[]) => {
      const ended = await git(...args);
      if (ended.code !== 0) throw gitFailure(title, ended);
      return ended.output.trim();
    };
    await checked('init', '--quiet', '--bare', '--template=', '.');
    await mkdir(join(folder, 'info'), { recursive: true });
    await writeFile(join(folder, 'info/attributes'), attributes);
    const fetch = ['fetch', '--quiet', '--no-tags', '--no-recurse-submodules'];
    const shallow = await git(...fetch, '--depth=1', '--', subject.url, subject.ref ?? 'HEAD');
    let wanted = 'FETCH_HEAD';
    if (shallow.code !== 0) {
      const commit = /^[0-9a-f]{7,64}$/.test(subject.ref ?? '') && missingRef.test(shallow.errors);
      if (!commit && !/shallow/.test(shallow.errors)) throw gitFailure(title, shallow);
      await checked(
        ...fetch,
        '--',
        subject.url,
        '+HEAD:refs/heptad/HEAD',
        '+refs/heads/*:refs/heptad/heads/*',
        '+refs/tags/*:refs/heptad/tags/*',
      );
      wanted = commit
        ? (subject.ref ?? 'HEAD')
        : `refs/heptad/${subject.ref === undefined ? 'HEAD' : `heads/${subject.ref}`}`;
    }
    const found = await git('rev-parse', '--verify', '--quiet', '--end-of-options', `${wanted}^{commit}`);
    const commit = found.output.trim();
    if (found.code !== 0 || !/^[0-9a-f]{40,64}$/.test(commit))
      throw new HeptadError(
        'SubjectUnknown',
        `${printable(title)} is not a commit of the repository. Check what follows "#".`,
      );
    const archive = join(scratchFolder, 'archive.tar');
    await checked('archive', '--format=tar', `--output=${archive}`, commit);
    const snapshot = await store.batch(async (writer) => {
      const what = `The repository ${printable(title)}`;
      const entries = await readArchive(archive, writer, { strip: 0, what, limits, signal, heartbeat });
      return writeSnapshot(writer, entries, what);
    });
    return { subject, title, snapshot, commit };
  });
}

function protocolOf(url: string): 'https' | 'ssh' | 'file' {
  if (url.startsWith('https:')) return 'https';
  return url.startsWith('/') ? 'file' : 'ssh';
}
