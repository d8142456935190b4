import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { Parser, type ReadEntry } from 'tar';
import type { ArtifactWriter } from '../artifacts/artifact-store.js';
import { mediaType } from '../artifacts/media-types.js';
import { refuse } from '../artifacts/snapshot/check-entries.js';
import { printable } from '../artifacts/snapshot/paths.js';
import { defaultLimits, type FolderLimits } from '../artifacts/snapshot/walk-folder.js';
import type { SnapshotEntry } from '../contracts/subject.js';
import { HeptadError, type Problem } from '../protocol/errors.js';

export interface ArchiveOptions {
  /** How many leading folders of each path are left out. */
  readonly strip: number;
  /** The archive in the error's sentence. */
  readonly what: string;
  readonly limits?: FolderLimits | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly heartbeat?: (() => void) | undefined;
}

/**
 * Stores the files of a tar archive (gzip or plain) without unpacking it to a folder, and returns its entries. Nothing
 * that stands in the archive becomes a path of the file system here.
 *
 * @throws HeptadError `SubjectInvalid` with every problem: hard links, devices, absolute paths, `..`, limits, damage
 */
export async function readArchive(
  path: string,
  writer: ArtifactWriter,
  options: ArchiveOptions,
): Promise<SnapshotEntry[]> {
  const reader = new ArchiveReader(writer, options);
  const parser = new Parser({
    onReadEntry: (entry) => reader.take(entry),
    onwarn: (code, message) => reader.warn(code, String(message)),
  });
  const ended = once(parser, 'end');
  // Where it fails, the loop below ends first; nobody waits for the end then.
  ended.catch(() => {});
  for await (const chunk of createReadStream(path)) {
    options.signal?.throwIfAborted();
    const more = parser.write(chunk);
    if (!more) await Promise.race([once(parser, 'drain'), ended, reader.stopped]);
    await reader.relieved();
    if (reader.failure !== undefined) break;
  }
  if (reader.failure === undefined) {
    parser.end();
    await Promise.race([ended, reader.stopped]);
  }
  return reader.result();
}

const largestInMemory = 1024 * 1024;
/** Files that are stored at the same time, and files that may wait for it. */
const width = 16;
const waiting = 256;

class ArchiveReader {
  /** Resolves when reading makes no sense any more. */
  readonly stopped: Promise<void>;
  failure: { readonly error?: unknown } | undefined;
  readonly #writer: ArtifactWriter;
  readonly #options: ArchiveOptions;
  readonly #limits: FolderLimits;
  readonly #stop: () => void;
  readonly #entries = new Map<string, { readonly order: number; readonly entry: SnapshotEntry }>();
  readonly #problems: Problem[] = [];
  readonly #writing = new Set<Promise<void>>();
  readonly #lanes: Promise<void>[] = Array.from({ length: width }, () => Promise.resolve());
  #count = 0;
  #bytes = 0;

  constructor(writer: ArtifactWriter, options: ArchiveOptions) {
    this.#writer = writer;
    this.#options = options;
    this.#limits = options.limits ?? defaultLimits;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.stopped = promise;
    this.#stop = resolve;
  }

  take(entry: ReadEntry): void {
    if (this.failure !== undefined) {
      entry.resume();
      return;
    }
    this.#count += 1;
    this.#bytes += entry.size;
    if (this.#count > this.#limits.files) this.#over(`It has more than ${this.#limits.files} entries.`);
    else if (this.#bytes > this.#limits.bytes)
      this.#over(`Its files have more than ${this.#limits.bytes} bytes.`);
    const order = this.#count;
    const lane = order % width;
    // One of up to 1 MiB is read at once, a larger one while it is stored: the archive waits for it.
    const content = entry.size <= largestInMemory ? entry.concat() : entry;
    const one = Promise.resolve(this.#lanes[lane])
      .then(async () => this.#store(entry, await content, order))
      .catch((error: unknown) => this.#fail({ error }))
      .finally(() => {
        entry.resume();
        this.#writing.delete(one);
      });
    this.#lanes[lane] = one;
    this.#writing.add(one);
  }

  /** Waits while too many files wait to be stored. */
  async relieved(): Promise<void> {
    while (this.#writing.size > waiting) await Promise.race(this.#writing);
  }

  warn(code: string, message: string): void {
    // What is said about single entries is judged by us; the rest means that the archive is damaged.
    if (code === 'TAR_ENTRY_INFO') return;
    this.#problems.push({ path: '', reason: `The archive is damaged: ${printable(message)}.` });
    this.#fail({});
  }

  async result(): Promise<SnapshotEntry[]> {
    await Promise.all(this.#writing);
    if (this.failure?.error !== undefined) throw this.failure.error;
    refuse(this.#problems, this.#options.what);
    if (this.#entries.size === 0)
      throw new HeptadError('SubjectInvalid', `${this.#options.what} holds no file.`);
    return [...this.#entries.values()].map(({ entry }) => entry);
  }

  async #store(entry: ReadEntry, content: Uint8Array | ReadEntry, order: number): Promise<void> {
    if (this.failure !== undefined) return;
    if (entry.path.startsWith('/')) return this.#refuse(entry, 'The path is absolute.');
    const segments = entry.path.split('/').filter((segment) => segment !== '' && segment !== '.');
    if (segments.includes('..')) return this.#refuse(entry, 'The path contains "..".');
    const path = segments.slice(this.#options.strip).join('/');
    switch (entry.type) {
      case 'Directory':
      case 'GNUDumpDir':
        return;
      case 'File':
      case 'OldFile':
      case 'ContiguousFile': {
        if (path === '') return;
        const executable = ((entry.mode ?? 0) & 0o100) !== 0;
        const { digest, size } = await this.#writer.put(content, mediaType.bytes);
        this.#keep({ kind: 'file', path, executable, size, digest }, order);
        this.#options.heartbeat?.();
        return;
      }
      case 'SymbolicLink':
        this.#keep({ kind: 'link', path, target: entry.linkpath ?? '' }, order);
        return;
      default:
        return this.#refuse(
          entry,
          `It is of the kind ${entry.type}; only files, folders and links are accepted.`,
        );
    }
  }

  // Of two with one path the last in the archive counts, whichever is stored first.
  #keep(entry: SnapshotEntry, order: number): void {
    if ((this.#entries.get(entry.path)?.order ?? 0) < order) this.#entries.set(entry.path, { order, entry });
  }

  #refuse(entry: ReadEntry, reason: string): void {
    if (this.#problems.length < 100) this.#problems.push({ path: printable(entry.path), reason });
  }

  #over(reason: string): void {
    this.#problems.push({ path: '', reason });
    this.#fail({});
  }

  #fail(failure: { readonly error?: unknown }): void {
    this.failure ??= failure;
    this.#stop();
  }
}
