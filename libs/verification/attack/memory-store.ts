import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { ZodType } from 'zod';
import {
  type Amount,
  type ArtifactStore,
  type ArtifactWriter,
  type Content,
  defaultReadLimit,
  type NamedEntries,
  type ReadOptions,
  type StoredArtifact,
} from '../../artifacts/artifact-store.js';
import { canonicalJson } from '../../artifacts/canonical-json.js';
import { mediaType as mediaTypes } from '../../artifacts/media-types.js';
import { parseJson } from '../../artifacts/parse-json.js';
import type { ArtifactRef } from '../../contracts/artifact.js';
import type { Digest } from '../../protocol/digest.js';
import { HeptadError } from '../../protocol/errors.js';

/** Takes what is forged, in memory: it is looked at once and never again. */
export class MemoryStore implements ArtifactStore {
  readonly #artifacts = new Map<Digest, Buffer>();
  readonly #entries = new Map<string, Buffer>();

  readonly entries: NamedEntries = {
    put: async (name, content, { ifAbsent = false } = {}) => {
      if (ifAbsent && this.#entries.has(name)) return false;
      this.#entries.set(name, Buffer.from(content));
      return true;
    },
    get: async (name) => this.#entries.get(name),
    list: async (prefix) => [...this.#entries.keys()].filter((name) => name.startsWith(prefix)).sort(),
    delete: async (name) => this.#entries.delete(name),
  };

  async put(content: Content, mediaType: string): Promise<ArtifactRef> {
    const bytes =
      typeof content === 'string' || content instanceof Uint8Array
        ? Buffer.from(content)
        : await buffer(content);
    const digest: Digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
    this.#artifacts.set(digest, bytes);
    return { digest, size: bytes.length, mediaType };
  }

  async putJson(value: unknown, mediaType: string = mediaTypes.json): Promise<ArtifactRef> {
    return await this.put(canonicalJson(value), mediaType);
  }

  async batch<T>(work: (writer: ArtifactWriter) => Promise<T>): Promise<T> {
    return await work(this);
  }

  async get(digest: Digest, { limit = defaultReadLimit }: ReadOptions = {}): Promise<Buffer> {
    const bytes = this.#find(digest);
    if (bytes.length > limit)
      throw new HeptadError(
        'ArtifactTooLarge',
        `The artifact ${digest} has ${bytes.length} bytes; the reader accepts ${limit}.`,
      );
    return bytes;
  }

  async getJson<T>(digest: Digest, schema: ZodType<T>, options?: ReadOptions): Promise<T> {
    return parseJson(await this.get(digest, options), schema, `The artifact ${digest}`);
  }

  stream(digest: Digest): Readable {
    return Readable.from([this.#find(digest)], { objectMode: false });
  }

  async has(digest: Digest): Promise<boolean> {
    return this.#artifacts.has(digest);
  }

  async size(digest: Digest): Promise<number> {
    return this.#find(digest).length;
  }

  async keep(digest: Digest): Promise<boolean> {
    return this.#artifacts.has(digest);
  }

  async *list(): AsyncIterable<StoredArtifact> {
    for (const [digest, { length }] of this.#artifacts) yield { digest, size: length, modified: new Date(0) };
  }

  async remove(digest: Digest): Promise<boolean> {
    return this.#artifacts.delete(digest);
  }

  async leftovers(): Promise<Amount> {
    return { count: 0, bytes: 0 };
  }

  #find(digest: Digest): Buffer {
    const bytes = this.#artifacts.get(digest);
    if (bytes === undefined) throw new HeptadError('ArtifactUnknown', `Nothing was forged as ${digest}.`);
    return bytes;
  }
}
