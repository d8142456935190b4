import type { Readable } from 'node:stream';
import type { ZodType } from 'zod';
import type { ArtifactRef } from '../contracts/artifact.js';
import type { Digest } from '../protocol/digest.js';

/** What can be stored: a string is stored as UTF-8. */
export type Content = Uint8Array | string | AsyncIterable<Uint8Array>;

/** Reads of more than this many bytes need a limit of their own: 64 MiB. */
export const defaultReadLimit = 64 * 1024 * 1024;

export interface ReadOptions {
  /** Largest size in bytes that is read into memory. Default {@link defaultReadLimit}. */
  readonly limit?: number;
}

export interface ArtifactWriter {
  /** Stores bytes under their SHA-256. Bytes that are there already are not written again, but made young again. */
  put(content: Content, mediaType: string): Promise<ArtifactRef>;
  /** Stores a value as canonical JSON (RFC 8785), UTF-8. The media type is `application/json` by default. */
  putJson(value: unknown, mediaType?: string): Promise<ArtifactRef>;
}

/** An artifact as the store lists it. */
export interface StoredArtifact {
  readonly digest: Digest;
  /** Bytes. */
  readonly size: number;
  /** When it was last put or kept. */
  readonly modified: Date;
}

/** How many files, of how many bytes together. */
export interface Amount {
  readonly count: number;
  readonly bytes: number;
}

/** Small documents under names that can be written again; an index, a log, a cache, never the content itself. */
export interface NamedEntries {
  /**
   * Writes an entry whole or not at all. With `ifAbsent` an entry that exists stays as it is.
   *
   * @returns whether it was written
   * @throws HeptadError `InputInvalid` where the name is not made of safe segments
   */
  put(
    name: string,
    content: Uint8Array | string,
    options?: { readonly ifAbsent?: boolean },
  ): Promise<boolean>;
  /** The bytes of an entry, or undefined where there is none. */
  get(name: string): Promise<Buffer | undefined>;
  /** Names that start with a prefix, such as `attempts/8f2/`, sorted by code unit. */
  list(prefix: string): Promise<string[]>;
  /** @returns whether there was such an entry */
  delete(name: string): Promise<boolean>;
}

/**
 * Bytes by SHA-256, and small named entries beside them. What a method has resolved for is on disk, synced.
 * Every read checks the bytes against the digest that names them.
 */
export interface ArtifactStore extends ArtifactWriter {
  /** Many writes at the price of fewer syncs: all of them last once this has resolved, none is promised before. */
  batch<T>(work: (writer: ArtifactWriter) => Promise<T>): Promise<T>;
  /**
   * @throws HeptadError `ArtifactUnknown`, `ArtifactCorrupt`, or `ArtifactTooLarge` where it is over the limit
   */
  get(digest: Digest, options?: ReadOptions): Promise<Buffer>;
  /**
   * Reads JSON and parses it with a schema.
   *
   * @throws HeptadError as {@link get} does, and `InputInvalid` where it is not what the schema expects
   */
  getJson<T>(digest: Digest, schema: ZodType<T>, options?: ReadOptions): Promise<T>;
  /** Bytes of any size. It fails before its end with `ArtifactCorrupt`, so do not act on bytes before the end. */
  stream(digest: Digest): Readable;
  has(digest: Digest): Promise<boolean>;
  /**
   * Bytes.
   *
   * @throws HeptadError `ArtifactUnknown`
   */
  size(digest: Digest): Promise<number>;
  /** Makes an artifact young again, so that garbage collection spares it for its grace period. False: not there. */
  keep(digest: Digest): Promise<boolean>;
  /** Every artifact, in no particular order. */
  list(): AsyncIterable<StoredArtifact>;
  /** Removes an artifact unless it was put or kept at or after `olderThan`. @returns whether it was removed */
  remove(digest: Digest, olderThan: Date): Promise<boolean>;
  /** What writers that were killed left behind before `olderThan`; removed where `deleteThem`. */
  leftovers(olderThan: Date, deleteThem: boolean): Promise<Amount>;
  readonly entries: NamedEntries;
}
