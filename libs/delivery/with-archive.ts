import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { z } from 'zod';
import type { ArtifactStore } from '../artifacts/artifact-store.js';
import { canonicalJson } from '../artifacts/canonical-json.js';
import { writeTemporary } from '../artifacts/durable-files.js';
import { mediaType } from '../artifacts/media-types.js';
import { parseJson } from '../artifacts/parse-json.js';
import { type ArtifactRef, artifactRefSchema } from '../contracts/artifact.js';
import { withRunFolder } from '../scratch/with-run-folder.js';
import {
  type BucketTarget,
  type Delivery,
  type DeliveryTools,
  deliveryEntryName,
  type FolderTarget,
} from './delivery.js';
import { encrypt } from './encrypt.js';
import { packageTar } from './package-tar.js';
import { deliveredFile, deliveredFolder } from './place-of.js';

/** A package in one piece. */
export interface Archive {
  /** `run-{id}.tar`, with `.age` where it is encrypted. */
  readonly name: string;
  /** SHA-256, 64 hexadecimal digits. */
  readonly sha256: string;
  /** Bytes. */
  readonly size: number;
  readonly open: () => Readable;
}

/**
 * Gives work the package in one piece, encrypted where its target says so. Each attempt of a delivery gets the same
 * bytes: as nothing encrypts to the same bytes twice, the first attempt stores them, and the others find them by an
 * entry.
 */
export async function withArchive<T>(
  tools: DeliveryTools,
  delivery: Delivery<FolderTarget | BucketTarget>,
  work: (archive: Archive) => Promise<T>,
): Promise<T> {
  const { store, scratch, signal } = tools;
  const { run, target, contents } = delivery;
  const tar = () => interrupted(packageTar(store, deliveredFolder(run), contents.files), signal);
  const { encryptTo } = target;
  if (encryptTo !== undefined) {
    const { digest, size } = await once(store, deliveryEntryName(delivery), () => encrypt(encryptTo, tar()));
    const open = () => store.stream(digest);
    return await work({ name: deliveredFile(run, true), sha256: hexOf(digest), size, open });
  }
  return await withRunFolder(scratch, run, 'archive', async (folder) => {
    const { path, digest, size } = await writeTemporary(join(folder, 'archive'), tar());
    const open = () => createReadStream(path);
    return await work({ name: deliveredFile(run, false), sha256: hexOf(digest), size, open });
  });
}

const hexOf = (digest: string): string => digest.slice('sha256:'.length);

const madeSchema = z.strictObject({ made: artifactRefSchema });

/** Makes an artifact and remembers it under a name; the one that was made before, where it is there. */
async function once(
  store: ArtifactStore,
  name: string,
  make: () => AsyncIterable<Uint8Array>,
): Promise<ArtifactRef> {
  const remembered = async () => {
    const bytes = await store.entries.get(name);
    return bytes && parseJson(bytes, madeSchema, `The entry ${name}`).made;
  };
  const before = await remembered();
  if (before && (await store.keep(before.digest))) return before;
  const made = await store.put(make(), mediaType.bytes);
  // Another attempt may have been first. Where the one that was made is gone, this takes its place.
  const first = await store.entries.put(name, canonicalJson({ made }), { ifAbsent: before === undefined });
  return first ? made : ((await remembered()) ?? made);
}

async function* interrupted(
  bytes: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of bytes) {
    signal.throwIfAborted();
    yield chunk;
  }
}
