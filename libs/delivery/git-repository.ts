import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runGit } from '../subjects/run-git.js';
import type { Ended } from '../subjects/run-program.js';
import { gitDeliveryFailure } from './git-failure.js';

/** Where the attestations of delivered commits are. */
export const notesRef = 'refs/notes/heptad';

const identity = 'Heptad <heptad@localhost>';

const settings = [
  'user.name=Heptad',
  'user.email=heptad@localhost',
  'commit.gpgSign=false',
  'core.autocrlf=false',
  'core.safecrlf=false',
  'core.excludesFile=',
  'core.fileMode=true',
  'core.ignoreCase=false',
  'push.followTags=false',
  'push.gpgSign=false',
  'push.recurseSubmodules=no',
].flatMap((setting) => ['-c', setting]);

// Git stores what is in the workspace as it is, whatever its own attributes say.
const attributes = '* -text -ident -filter !eol !crlf !working-tree-encoding\n';

// In a repository on this machine its hooks would run as Heptad.
const receivePack = '--receive-pack=git -c core.hooksPath=/dev/null -c receive.autogc=false receive-pack';

interface Remote {
  /** An https or ssh address, or an absolute path. */
  readonly url: string;
  /** Where it is, in an error's sentence. */
  readonly place: string;
}

/** A bare repository of our own in a folder, in which a commit is made that goes to a remote one. */
export class GitRepository {
  readonly #folder: string;
  readonly #remote: Remote;
  readonly #protocol: 'https' | 'ssh' | 'file';
  readonly #signal: AbortSignal;

  private constructor(folder: string, remote: Remote, signal: AbortSignal) {
    this.#folder = folder;
    this.#remote = remote;
    this.#protocol = remote.url.startsWith('https:') ? 'https' : remote.url.startsWith('/') ? 'file' : 'ssh';
    this.#signal = signal;
  }

  /** @returns it, and what the remote has of some refs: the object that each names */
  static async open(
    folder: string,
    remote: Remote,
    wanted: readonly string[],
    signal: AbortSignal,
  ): Promise<{ repository: GitRepository; refs: ReadonlyMap<string, string> }> {
    const repository = new GitRepository(folder, remote, signal);
    await mkdir(join(folder, 'info'), { recursive: true });
    const listed = await repository.#checked('ls-remote', '--', remote.url, ...wanted);
    const refs = new Map(
      listed.split('\n').flatMap((line) => {
        const [object, ref] = line.split('\t');
        return object && ref ? [[ref, object] as const] : [];
      }),
    );
    const wide = [...refs.values()].some((object) => object.length === 64);
    const format = `--object-format=${wide ? 'sha256' : 'sha1'}`;
    await repository.#checked('init', '--quiet', '--bare', '--template=', format, '.');
    await writeFile(join(folder, 'info/attributes'), attributes);
    return { repository, refs };
  }

  /** Fetches a ref or commit under a name. @param whole with its whole history */
  async fetch(what: string, as: string, { whole = false } = {}): Promise<void> {
    const depth = whole ? ((await this.#isShallow()) ? ['--unshallow'] : []) : ['--depth=1'];
    await this.#checked(
      ...['fetch', '--quiet', '--no-tags', ...depth, '--', this.#remote.url],
      `+${what}:${as}`,
    );
  }

  /** The commit that a name stands for. */
  async commitOf(name: string): Promise<string> {
    return await this.#checked('rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`);
  }

  /** Whether a commit is in the history of another one. */
  async isAncestor(commit: string, of: string): Promise<boolean> {
    return (await this.#git('merge-base', '--is-ancestor', commit, of)).code === 0;
  }

  /** Stores the files of a folder. @returns the tree */
  async treeOf(folder: string): Promise<string> {
    const place = ['--git-dir=.', `--work-tree=${folder}`];
    await this.#checked(...place, 'add', '--all', '--force', '--', folder);
    return await this.#checked(...place, 'write-tree');
  }

  /** Stores a commit, of which every byte is given. @param seconds its time, since the epoch */
  async commit(tree: string, parent: string | null, seconds: number, message: string): Promise<string> {
    const lines = [
      `tree ${tree}`,
      ...(parent === null ? [] : [`parent ${parent}`]),
      `author ${identity} ${seconds} +0000`,
      `committer ${identity} ${seconds} +0000`,
      '',
      message,
    ];
    return await this.#store('commit', `${lines.join('\n')}\n`);
  }

  /** Puts a note on a commit. One that it has already must be the same. @returns whether it is */
  async note(commit: string, text: string): Promise<boolean> {
    const blob = await this.#store('blob', text);
    const notes = ['notes', `--ref=${notesRef}`];
    const before = await this.#git(...notes, 'list', commit);
    if (before.code === 0) return before.output.trim() === blob;
    await this.#checked(...notes, 'add', '-C', blob, commit);
    return true;
  }

  /** Pushes a commit to a branch, and the notes: both or none, and only forward. */
  async push(commit: string, branch: string): Promise<void> {
    await this.#checked(
      ...['push', '--porcelain', '--atomic', '--no-verify'],
      ...(this.#protocol === 'file' ? [receivePack] : []),
      ...['--', this.#remote.url, `${commit}:refs/heads/${branch}`, `${notesRef}:${notesRef}`],
    );
  }

  async #isShallow(): Promise<boolean> {
    return (await this.#checked('rev-parse', '--is-shallow-repository')) === 'true';
  }

  async #store(type: 'blob' | 'commit', content: string): Promise<string> {
    const file = join(this.#folder, 'heptad-object');
    await writeFile(file, content);
    return await this.#checked('hash-object', '-w', '--no-filters', '-t', type, '--', file);
  }

  async #checked(...args: string[]): Promise<string> {
    const ended = await this.#git(...args);
    if (ended.code !== 0) throw gitDeliveryFailure(this.#remote.place, ended);
    return ended.output.trim();
  }

  #git(...args: string[]): Promise<Ended> {
    return runGit(this.#protocol, {
      arguments: [...settings, ...args],
      folder: this.#folder,
      signal: this.#signal,
    });
  }
}
