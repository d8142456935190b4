import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { ZodType } from 'zod';
import {
  type ArtifactStore,
  defaultReadLimit,
  type NamedEntries,
  type ReadOptions,
  type StoredArtifact,
} from '../artifacts/artifact-store.js';
import { parseJson } from '../artifacts/parse-json.js';
import type { ArtifactRef } from '../contracts/artifact.js';
import type { Digest } from '../protocol/digest.js';
import { HeptadError } from '../protocol/errors.js';
import type { FolderFile, PackageFolder } from './read-folder.js';

/**
 * The files of a package as an artifact store, by the digests that their bytes really have: so a package is checked
 * with the same functions by which the service checks, and nothing in it can be taken for something else. Nothing can
 * be written.
 */
export class PackageStore implements ArtifactStore {
  readonly #files: ReadonlyMap<string, FolderFile>;

  constructor(private readonly folder: PackageFolder) {
    this.#files = new Map([...folder.files.values()].map((file) => [`sha256:${file.sha256}`, file]));
  }

  async get(digest: Digest, { limit = defaultReadLimit }: ReadOptions = {}): Promise<Buffer> {
    const { bytes, size } = this.#file(digest);
    if (!bytes || size > limit)
      throw new HeptadError('ArtifactTooLarge', `The artifact ${digest} has ${size} bytes, over ${limit}.`);
    return bytes;
  }

  async getJson<T>(digest: Digest, schema: ZodType<T>, options?: ReadOptions): Promise<T> {
    return parseJson(await this.get(digest, options), schema, `The artifact ${digest}`);
  }

  stream(digest: Digest): Readable {
    const { bytes, path } = this.#file(digest);
    return bytes ? Readable.from([bytes]) : createReadStream(join(this.folder.path, path));
  }

  async has(digest: Digest): Promise<boolean> {
    return this.#files.has(digest);
  }

  async size(digest: Digest): Promise<number> {
    return this.#file(digest).size;
  }

  async *list(): AsyncIterable<StoredArtifact> {
    yield* [];
  }

  async leftovers(): Promise<{ count: number; bytes: number }> {
    return { count: 0, bytes: 0 };
  }

  /** A package has no named entries. */
  readonly entries: NamedEntries = {
    get: async () => undefined,
    list: async () => [],
    put: readOnly,
    delete: readOnly,
  };

  readonly put = readOnly;
  readonly putJson = readOnly;
  readonly batch = readOnly;
  readonly keep = readOnly;
  readonly remove = readOnly;

  /** The reference of an artifact that a document names by its digest alone. */
  refTo(digest: Digest): ArtifactRef {
    return { digest, size: this.#files.get(digest)?.size ?? 0, mediaType: 'application/json' };
  }

  #file(digest: Digest): FolderFile {
    const file = this.#files.get(digest);
    if (!file) throw new HeptadError('ArtifactUnknown', `The package has no file with the digest ${digest}.`);
    return file;
  }
}

async function readOnly(): Promise<never> {
  throw new HeptadError('Unexpected', 'A package that is checked is not written to.');
}
