import type { Readable } from 'node:stream';
import type { ZodType } from 'zod';
import type {
  Amount,
  ArtifactStore,
  ArtifactWriter,
  NamedEntries,
  ReadOptions,
  StoredArtifact,
} from '../../artifacts/artifact-store.js';
import type { ArtifactRef } from '../../contracts/artifact.js';
import type { Digest } from '../../protocol/digest.js';
import { HeptadError } from '../../protocol/errors.js';
import type { Breath } from './breath.js';

/** Bytes of documents that are remembered together: 64 MiB. */
const most = 64 * 1024 * 1024;

/**
 * Reads the genuine artifacts, and keeps what it read: hundreds of forgeries are judged against the same documents,
 * whose bytes were checked when they were read first. It is never written to.
 */
export class RememberingStore implements ArtifactStore {
  readonly entries: NamedEntries;
  readonly #documents = new Map<Digest, Map<ZodType, unknown>>();
  readonly #bytes = new Map<Digest, Buffer>();
  readonly #sizes = new Map<Digest, number>();
  #left = most;

  constructor(
    private readonly below: ArtifactStore,
    private readonly breath: Breath,
  ) {
    const { get, list } = below.entries;
    this.entries = {
      get: (name) => get.call(below.entries, name),
      list: (prefix) => list.call(below.entries, prefix),
      put: refuse,
      delete: refuse,
    };
  }

  async get(digest: Digest, options?: ReadOptions): Promise<Buffer> {
    await this.breath.take();
    const known = options ? undefined : this.#bytes.get(digest);
    if (known) return known;
    const bytes = await this.below.get(digest, options);
    if (!options && this.#affords(bytes.length)) this.#bytes.set(digest, bytes);
    return bytes;
  }

  async getJson<T>(digest: Digest, schema: ZodType<T>, options?: ReadOptions): Promise<T> {
    await this.breath.take();
    const known = this.#documents.get(digest);
    // What is kept under a schema was parsed with it.
    if (known?.has(schema)) return known.get(schema) as T;
    const document = await this.below.getJson(digest, schema, options);
    if (!this.#affords(await this.size(digest))) return document;
    // Frozen, as the next judge gets the same one.
    this.#documents.set(digest, (known ?? new Map<ZodType, unknown>()).set(schema, frozen(document)));
    return document;
  }

  stream(digest: Digest): Readable {
    return this.below.stream(digest);
  }

  async has(digest: Digest): Promise<boolean> {
    return this.#sizes.has(digest) || (await this.below.has(digest));
  }

  async size(digest: Digest): Promise<number> {
    await this.breath.take();
    const known = this.#sizes.get(digest);
    if (known !== undefined) return known;
    const size = await this.below.size(digest);
    this.#sizes.set(digest, size);
    return size;
  }

  list(): AsyncIterable<StoredArtifact> {
    return this.below.list();
  }

  put(): Promise<ArtifactRef> {
    return refuse();
  }

  putJson(): Promise<ArtifactRef> {
    return refuse();
  }

  batch<T>(_: (writer: ArtifactWriter) => Promise<T>): Promise<T> {
    return refuse();
  }

  keep(): Promise<boolean> {
    return refuse();
  }

  remove(): Promise<boolean> {
    return refuse();
  }

  leftovers(): Promise<Amount> {
    return refuse();
  }

  #affords(size: number): boolean {
    if (size > this.#left) return false;
    this.#left -= size;
    return true;
  }
}

function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const part of Object.values(value)) frozen(part);
  return Object.freeze(value);
}

async function refuse(): Promise<never> {
  throw new HeptadError('Unexpected', 'An attack tried to write to the store of genuine artifacts.');
}
