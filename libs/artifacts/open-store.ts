import { createHash, randomUUID } from 'node:crypto';
import {
  constants,
  copyFile,
  type FileHandle,
  lstat,
  open,
  readdir,
  rename,
  rm,
  stat,
  utimes,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import type { ZodType } from 'zod';
import type { ArtifactRef } from '../contracts/artifact.js';
import { type Digest, isDigest } from '../protocol/digest.js';
import { HeptadError } from '../protocol/errors.js';
import type {
  Amount,
  ArtifactStore,
  ArtifactWriter,
  Content,
  NamedEntries,
  ReadOptions,
  StoredArtifact,
} from './artifact-store.js';
import { defaultReadLimit } from './artifact-store.js';
import { canonicalJson } from './canonical-json.js';
import { moveInto, syncFolder, writeTemporary } from './durable-files.js';
import { fileEntries } from './file-entries.js';
import { errorCodeOf, ifThere } from './if-there.js';
import { mediaType as mediaTypes } from './media-types.js';
import { parseJson } from './parse-json.js';

const chunkSize = 1024 * 1024;

/**
 * The artifact store in a folder of a file system: `sha256/` holds artifacts, `entries/` named entries,
 * `temporary/` what is being written. The folder is made at the first write. Any number of processes may share it.
 */
export function openStore(folder: string): ArtifactStore {
  return new FolderStore(folder);
}

class FolderStore implements ArtifactStore {
  readonly entries: NamedEntries;
  readonly #artifacts: string;
  readonly #temporary: string;

  constructor(folder: string) {
    this.#artifacts = join(folder, 'sha256');
    this.#temporary = join(folder, 'temporary');
    this.entries = fileEntries(join(folder, 'entries'), this.#temporary);
  }

  put(content: Content, mediaType: string): Promise<ArtifactRef> {
    return this.batch((writer) => writer.put(content, mediaType));
  }

  async putJson(value: unknown, mediaType: string = mediaTypes.json): Promise<ArtifactRef> {
    return this.put(canonicalJson(value), mediaType);
  }

  async batch<T>(work: (writer: ArtifactWriter) => Promise<T>): Promise<T> {
    const folders = new Set<string>();
    const put = async (content: Content, mediaType: string): Promise<ArtifactRef> => {
      const { digest, size, written } = await this.#write(content);
      if (written) folders.add(dirname(this.#path(digest)));
      return { digest, size, mediaType };
    };
    const putJson = (value: unknown, mediaType: string = mediaTypes.json) =>
      put(canonicalJson(value), mediaType);
    const result = await work({ put, putJson });
    await Promise.all([...folders].map(syncFolder));
    return result;
  }

  async get(digest: Digest, { limit = defaultReadLimit }: ReadOptions = {}): Promise<Buffer> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of this.#read(digest, limit)) chunks.push(chunk);
    return Buffer.concat(chunks);
  }

  async getJson<T>(digest: Digest, schema: ZodType<T>, options?: ReadOptions): Promise<T> {
    return parseJson(await this.get(digest, options), schema, `The artifact ${digest}`);
  }

  stream(digest: Digest): Readable {
    return Readable.from(this.#read(digest, Number.POSITIVE_INFINITY), { objectMode: false });
  }

  async has(digest: Digest): Promise<boolean> {
    return (await this.#sizeOf(digest)) !== undefined;
  }

  async size(digest: Digest): Promise<number> {
    const size = await this.#sizeOf(digest);
    if (size === undefined) throw unknown(digest);
    return size;
  }

  async keep(digest: Digest): Promise<boolean> {
    const now = new Date();
    const path = this.#path(digest);
    try {
      return (await ifThere(utimes(path, now, now).then(() => true))) ?? false;
    } catch (error) {
      // Processes of several users may share a store, and only a file's owner may change its times.
      if (errorCodeOf(error) !== 'EPERM') throw error;
      return await this.#renew(path);
    }
  }

  /** Puts a copy in the place of a file, with times of now. @returns whether there was a file */
  async #renew(path: string): Promise<boolean> {
    const copy = join(this.#temporary, randomUUID());
    const copied = await ifThere(copyFile(path, copy, constants.COPYFILE_FICLONE).then(() => true));
    if (!copied) return false;
    await rename(copy, path);
    return true;
  }

  async *list(): AsyncIterable<StoredArtifact> {
    for (const shard of (await ifThere(readdir(this.#artifacts))) ?? []) {
      for (const name of (await ifThere(readdir(join(this.#artifacts, shard)))) ?? []) {
        const digest = `sha256:${name}`;
        if (!isDigest(digest)) continue;
        const found = await ifThere(stat(this.#path(digest)));
        if (found) yield { digest, size: found.size, modified: found.mtime };
      }
    }
  }

  async remove(digest: Digest, olderThan: Date): Promise<boolean> {
    const path = this.#path(digest);
    const seen = await ifThere(stat(path));
    if (seen === undefined || seen.mtime >= olderThan) return false;
    // Out of the way first: a writer that keeps it from now on finds nothing and writes it again, and one that
    // kept it since we looked made it young, which is seen below.
    const aside = join(this.#temporary, `removed-${randomUUID()}`);
    if ((await ifThere(moveInto(path, aside).then(() => true))) === undefined) return false;
    if ((await stat(aside)).mtime >= olderThan) {
      await rename(aside, path);
      return false;
    }
    await rm(aside);
    return true;
  }

  async leftovers(olderThan: Date, deleteThem: boolean): Promise<Amount> {
    let count = 0;
    let bytes = 0;
    for (const name of (await ifThere(readdir(this.#temporary))) ?? []) {
      const path = join(this.#temporary, name);
      const found = await ifThere(lstat(path));
      if (found === undefined || found.mtime >= olderThan) continue;
      if (deleteThem) await rm(path, { force: true });
      count += 1;
      bytes += found.size;
    }
    return { count, bytes };
  }

  async #write(content: Content): Promise<{ digest: Digest; size: number; written: boolean }> {
    const bytes = typeof content === 'string' ? Buffer.from(content) : content;
    if (bytes instanceof Uint8Array && bytes.byteLength <= chunkSize) {
      const digest: Digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
      if (await this.#keepWhole(digest, bytes.byteLength))
        return { digest, size: bytes.byteLength, written: false };
    }
    const chunks = bytes instanceof Uint8Array ? chunksOf(bytes) : bytes;
    const { path, digest, size } = await writeTemporary(this.#temporary, chunks);
    if (await this.#keepWhole(digest, size)) {
      await rm(path);
      return { digest, size, written: false };
    }
    await moveInto(path, this.#path(digest));
    return { digest, size, written: true };
  }

  // A file of another size was damaged from outside; writing it again mends it.
  async #keepWhole(digest: Digest, size: number): Promise<boolean> {
    return (await this.#sizeOf(digest)) === size && (await this.keep(digest));
  }

  async #sizeOf(digest: Digest): Promise<number | undefined> {
    return (await ifThere(stat(this.#path(digest))))?.size;
  }

  async *#read(digest: Digest, limit: number): AsyncGenerator<Uint8Array> {
    const handle = await this.#open(digest);
    try {
      const { size } = await handle.stat();
      if (size > limit) throw tooLarge(digest, size, limit);
      const hash = createHash('sha256');
      for (let position = 0; ; ) {
        const buffer = Buffer.allocUnsafe(Math.min(chunkSize, Math.max(1, size - position + 1)));
        const { bytesRead } = await handle.read(buffer, 0, buffer.length, position);
        if (bytesRead === 0) break;
        position += bytesRead;
        if (position > limit) throw tooLarge(digest, position, limit);
        const chunk = buffer.subarray(0, bytesRead);
        hash.update(chunk);
        yield chunk;
      }
      if (`sha256:${hash.digest('hex')}` !== digest) throw corrupt(digest);
    } finally {
      await handle.close();
    }
  }

  async #open(digest: Digest): Promise<FileHandle> {
    const handle = await ifThere(open(this.#path(digest), 'r'));
    if (handle === undefined) throw unknown(digest);
    return handle;
  }

  #path(digest: Digest): string {
    if (!isDigest(digest))
      throw new HeptadError('InputInvalid', `${JSON.stringify(digest)} is not a digest.`);
    const name = digest.slice('sha256:'.length);
    return join(this.#artifacts, name.slice(0, 2), name);
  }
}

function* chunksOf(bytes: Uint8Array): Iterable<Uint8Array> {
  for (let at = 0; at < bytes.byteLength; at += chunkSize) yield bytes.subarray(at, at + chunkSize);
}

const unknown = (digest: Digest) =>
  new HeptadError('ArtifactUnknown', `The artifact store has no ${digest}.`);

const corrupt = (digest: Digest) =>
  new HeptadError(
    'ArtifactCorrupt',
    `The bytes stored as ${digest} have another digest. Remove the file from the store and produce it again.`,
  );

const tooLarge = (digest: Digest, size: number, limit: number) =>
  new HeptadError(
    'ArtifactTooLarge',
    `The artifact ${digest} has ${size} bytes; the reader accepts ${limit}.`,
  );
