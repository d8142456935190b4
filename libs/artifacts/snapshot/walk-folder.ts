import { type BigIntStats, constants, existsSync } from 'node:fs';
import { type FileHandle, lstat, open, readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { HeptadError, type Problem } from '../../protocol/errors.js';
import { errorCodeOf } from '../if-there.js';
import { refuse } from './check-entries.js';
import { inParallel } from './in-parallel.js';
import { linkProblem } from './link-problem.js';
import { maximumDepth, nameProblem, pathProblem, printable } from './paths.js';

/** How much a folder may hold. */
export interface FolderLimits {
  /** Files, links and folders. */
  readonly files: number;
  /** Sum of the files' sizes. */
  readonly bytes: number;
}

/** 100,000 files, links and folders, 2 GiB. */
export const defaultLimits: FolderLimits = { files: 100_000, bytes: 2 * 1024 ** 3 };

export interface WalkOptions {
  /** Names in the root of the folder that are passed over, such as `.git`. Default none. */
  readonly ignore?: readonly string[];
  /** Default {@link defaultLimits}. */
  readonly limits?: FolderLimits;
  readonly signal?: AbortSignal | undefined;
  /** Called again and again while there is progress. */
  readonly heartbeat?: (() => void) | undefined;
}

/** A regular file, opened without following links. */
export interface OpenFile {
  readonly path: string;
  readonly executable: boolean;
  /** Bytes, when it was opened. */
  readonly size: number;
  /** Closed by the walk. */
  readonly handle: FileHandle;
}

/** What a walk saw. */
export interface Walked {
  /** Links by path. */
  readonly links: ReadonlyMap<string, string>;
  readonly files: number;
  /** What changes when a file, a link or a folder does; equal for two walks where nothing changed between them. */
  readonly stamps: ReadonlyMap<string, string>;
}

/**
 * Visits each regular file of a folder, opened, and collects its links, following none. Without a visitor files are
 * looked at, not opened. The folder may be one that a
 * hostile program left: on Linux every step goes through the folder that is already open, so that exchanging a folder
 * for a link meanwhile leads nowhere; elsewhere such an exchange is noticed by its stamp.
 *
 * Problems are collected; after the first one no further file is visited.
 *
 * @throws HeptadError `SubjectInvalid` with every problem (links out, names, kinds of files, limits); `SubjectUnknown`
 *   where the folder, or something in it, does not exist or cannot be read; `SubjectUnstable` where it changes
 */
export async function walkFolder(
  folder: string,
  options: WalkOptions = {},
  visit?: (file: OpenFile) => Promise<void>,
): Promise<Walked> {
  const root = await openRoot(folder);
  const walk = new Walk(folder, options, visit);
  await walk.enter(root, folder, '', 0);
  return walk.result();
}

class Walk {
  readonly #folder: string;
  readonly #ignore: ReadonlySet<string>;
  readonly #limits: FolderLimits;
  readonly #signal: AbortSignal | undefined;
  readonly #heartbeat: () => void;
  readonly #visit: ((file: OpenFile) => Promise<void>) | undefined;
  readonly #problems: Problem[] = [];
  readonly #links = new Map<string, string>();
  readonly #stamps = new Map<string, string>();
  #files = 0;
  #bytes = 0;
  #full = false;

  constructor(folder: string, options: WalkOptions, visit: ((file: OpenFile) => Promise<void>) | undefined) {
    this.#folder = folder;
    this.#ignore = new Set(options.ignore);
    this.#limits = options.limits ?? defaultLimits;
    this.#signal = options.signal;
    this.#heartbeat = options.heartbeat ?? (() => {});
    this.#visit = visit;
  }

  /** Walks an open folder and closes it. */
  async enter(handle: FileHandle, location: string, path: string, depth: number): Promise<void> {
    try {
      const inside = throughDescriptor ? `/proc/self/fd/${handle.fd}` : location;
      if (this.#stamps.size >= this.#limits.files) this.#overflow(path);
      this.#stamps.set(`${path}/`, stampOf(await handle.stat({ bigint: true })));
      const names = await this.#reading(path, readdir(inside, { encoding: 'buffer' }));
      const folders: string[] = [];
      await inParallel(names, 16, async (name) => {
        this.#signal?.throwIfAborted();
        if (path === '' && this.#ignore.has(name.toString())) return;
        if (await this.#look(inside, path, name)) folders.push(name.toString());
      });
      for (const name of folders.sort()) {
        const child = `${path}${name}`;
        if (this.#full) return;
        if (depth >= maximumDepth) {
          this.#refuse(child, `The folder is deeper than ${maximumDepth} folders.`);
          continue;
        }
        const opened = await this.#reading(child, open(join(inside, name), folderFlags));
        await this.enter(opened, join(location, name), `${child}/`, depth + 1);
      }
    } finally {
      await handle.close();
    }
  }

  result(): Walked {
    for (const [path, target] of this.#links) {
      const problem = linkProblem(path, target, this.#links);
      if (problem !== undefined) this.#refuse(path, problem);
    }
    refuse(this.#problems, `The folder ${printable(this.#folder)}`);
    return { links: this.#links, files: this.#files, stamps: this.#stamps };
  }

  /** @returns whether it is a folder to be entered */
  async #look(inside: string, parent: string, rawName: Buffer): Promise<boolean> {
    const name = rawName.toString();
    const path = `${parent}${name}`;
    const problem = nameProblem(rawName) ?? pathProblem(path);
    if (problem !== undefined) {
      this.#refuse(path, problem);
      return false;
    }
    const location = join(inside, name);
    const seen = await this.#reading(path, lstat(location, { bigint: true }));
    if (seen.isDirectory()) return true;
    if (!this.#count(path, seen)) return false;
    this.#stamps.set(path, stampOf(seen));
    if (seen.isSymbolicLink()) {
      const target = await this.#reading(path, readlink(location, { encoding: 'buffer' }));
      this.#links.set(path, target.toString());
    } else if (seen.isFile()) {
      await this.#file(location, path, seen);
    } else {
      this.#refuse(path, `It is ${kindOf(seen)}; only files, folders and links can be captured.`);
    }
    return false;
  }

  async #file(location: string, path: string, seen: BigIntStats): Promise<void> {
    this.#files += 1;
    if (this.#visit === undefined) return;
    const handle = await this.#reading(path, open(location, fileFlags));
    try {
      if (stampOf(await handle.stat({ bigint: true })) !== stampOf(seen)) throw unstable(this.#folder, path);
      if (this.#problems.length > 0) return;
      const executable = (seen.mode & 0o100n) !== 0n;
      await this.#visit({ path, executable, size: Number(seen.size), handle });
      if (stampOf(await handle.stat({ bigint: true })) !== stampOf(seen)) throw unstable(this.#folder, path);
      this.#heartbeat();
    } finally {
      await handle.close();
    }
  }

  #count(path: string, seen: BigIntStats): boolean {
    if (this.#full) return false;
    this.#bytes += seen.isFile() ? Number(seen.size) : 0;
    if (this.#stamps.size >= this.#limits.files) {
      this.#overflow(path);
    } else if (this.#bytes > this.#limits.bytes) {
      this.#full = true;
      this.#refuse(path, `The files have more than ${this.#limits.bytes} bytes.`);
    }
    return !this.#full;
  }

  #overflow(path: string): void {
    this.#full = true;
    this.#refuse(path, `There are more than ${this.#limits.files} files and folders.`);
  }

  #refuse(path: string, reason: string): void {
    this.#problems.push({ path: printable(path), reason });
  }

  async #reading<T>(path: string, operation: Promise<T>): Promise<T> {
    try {
      return await operation;
    } catch (error) {
      const code = errorCodeOf(error);
      if (code === 'EACCES' || code === 'EPERM') throw unreadable(join(this.#folder, path), error);
      if (code === 'ENOENT' || code === 'ELOOP' || code === 'ENOTDIR' || code === 'ENXIO')
        throw unstable(this.#folder, path);
      throw error;
    }
  }
}

const throughDescriptor = process.platform === 'linux' && existsSync('/proc/self/fd');
const folderFlags = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;
// Not blocking: a file may have been exchanged for a pipe that nobody writes to.
const fileFlags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

async function openRoot(folder: string): Promise<FileHandle> {
  try {
    return await open(folder, folderFlags);
  } catch (error) {
    const code = errorCodeOf(error);
    if (code === 'ENOENT')
      throw new HeptadError('SubjectUnknown', `The folder ${printable(folder)} does not exist.`, {
        cause: error,
      });
    if (code === 'ENOTDIR' || code === 'ELOOP')
      throw new HeptadError('SubjectUnknown', `${printable(folder)} is not a folder.`, { cause: error });
    if (code === 'EACCES' || code === 'EPERM') throw unreadable(folder, error);
    throw error;
  }
}

const stampOf = (seen: BigIntStats): string =>
  [seen.dev, seen.ino, seen.mode, seen.isDirectory() ? 0n : seen.size, seen.mtimeNs, seen.ctimeNs].join(':');

function kindOf(seen: BigIntStats): string {
  if (seen.isFIFO()) return 'a named pipe';
  if (seen.isSocket()) return 'a socket';
  return 'a device';
}

const unreadable = (path: string, cause: unknown) =>
  new HeptadError('SubjectUnknown', `${printable(path)} cannot be read: permission denied.`, { cause });

const unstable = (folder: string, path: string) =>
  new HeptadError(
    'SubjectUnstable',
    `${printable(path)} in ${printable(folder)} changed while it was captured.`,
  );
