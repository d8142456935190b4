import { Readable } from 'node:stream';
import type { ZodType } from 'zod';
import type {
  Amount,
  ArtifactStore,
  ArtifactWriter,
  Content,
  NamedEntries,
  ReadOptions,
  StoredArtifact,
} from '../../artifacts/artifact-store.js';
import type { ArtifactRef } from '../../contracts/artifact.js';
import type { Digest } from '../../protocol/digest.js';

/** Reads from a private store first, then from the one below, which is never written to. */
export class OverlayStore implements ArtifactStore {
  readonly entries: NamedEntries;

  constructor(
    private readonly own: ArtifactStore,
    private readonly below: ArtifactStore,
  ) {
    this.entries = own.entries;
  }

  put(content: Content, mediaType: string): Promise<ArtifactRef> {
    return this.own.put(content, mediaType);
  }

  putJson(value: unknown, mediaType?: string): Promise<ArtifactRef> {
    return this.own.putJson(value, mediaType);
  }

  batch<T>(work: (writer: ArtifactWriter) => Promise<T>): Promise<T> {
    return this.own.batch(work);
  }

  async get(digest: Digest, options?: ReadOptions): Promise<Buffer> {
    return await (await this.holder(digest)).get(digest, options);
  }

  async getJson<T>(digest: Digest, schema: ZodType<T>, options?: ReadOptions): Promise<T> {
    return await (await this.holder(digest)).getJson(digest, schema, options);
  }

  stream(digest: Digest): Readable {
    return Readable.from(this.read(digest), { objectMode: false });
  }

  async has(digest: Digest): Promise<boolean> {
    return (await this.own.has(digest)) || (await this.below.has(digest));
  }

  async size(digest: Digest): Promise<number> {
    return await (await this.holder(digest)).size(digest);
  }

  keep(digest: Digest): Promise<boolean> {
    return this.own.keep(digest);
  }

  list(): AsyncIterable<StoredArtifact> {
    return this.own.list();
  }

  remove(digest: Digest, olderThan: Date): Promise<boolean> {
    return this.own.remove(digest, olderThan);
  }

  leftovers(olderThan: Date, deleteThem: boolean): Promise<Amount> {
    return this.own.leftovers(olderThan, deleteThem);
  }

  private async *read(digest: Digest): AsyncGenerator<Uint8Array> {
    yield* (await this.holder(digest)).stream(digest);
  }

  private async holder(digest: Digest): Promise<ArtifactStore> {
    return (await this.own.has(digest)) ? this.own : this.below;
  }
}
