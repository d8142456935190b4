import { readFile } from 'node:fs/promises';
import type { ArtifactStore } from '../../artifacts/artifact-store.js';
import { mediaType } from '../../artifacts/media-types.js';
import type { ArtifactRef, NamedArtifact } from '../../contracts/artifact.js';
import { type PackageManifest, packageManifestSchema } from '../../contracts/phase.js';
import { HeptadError } from '../../protocol/errors.js';
import { byCodeUnit } from '../../synthesis/order.js';
import { decodeManifest } from './decode-manifest.js';
import { encodeManifest } from './encode-manifest.js';
import { fsVerityDigest } from './fs-verity-digest.js';

/** What a manifest says of its package. */
export type Packaged = Pick<PackageManifest, 'run' | 'template' | 'subject' | 'decision' | 'candidate'>;

/** A manifest in both forms, stored. */
export interface StoredManifest {
  readonly manifest: PackageManifest;
  /** Canonical JSON. */
  readonly json: ArtifactRef;
  /** The same in Cap'n Proto; see {@link encodeManifest}. */
  readonly bin: ArtifactRef;
  /** The schema of that. */
  readonly schema: ArtifactRef;
}

/**
 * Makes the manifest of a package and stores it: every file is read from the store, in one pass for both digests.
 *
 * @param files by their paths in the package, in any order
 * @throws HeptadError `ArtifactUnknown`, `ArtifactCorrupt`
 * @throws HeptadError `InputInvalid` two files have one path, or a file has not the size that is said of it
 */
export async function makeManifest(
  store: ArtifactStore,
  packaged: Packaged,
  files: readonly NamedArtifact[],
): Promise<StoredManifest> {
  const listed: PackageManifest['files'] = [];
  for (const file of files.toSorted((a, b) => byCodeUnit(a.name, b.name))) {
    if (listed.at(-1)?.path === file.name)
      throw new HeptadError('InputInvalid', `Two files of the package have the path ${file.name}.`);
    listed.push(await listFile(store, file));
  }
  const manifest = packageManifestSchema.parse({ version: 1, ...packaged, files: listed });
  const bytes = encodeManifest(manifest);
  // What cannot be read again is never signed.
  decodeManifest(bytes);
  return {
    manifest,
    json: await store.putJson(manifest),
    bin: await store.put(bytes, mediaType.bytes),
    schema: await store.put(await manifestSchemaText(), mediaType.text),
  };
}

/** The text of the Cap'n Proto schema that manifests are written by. */
export async function manifestSchemaText(): Promise<string> {
  return await readFile(new URL('./schema/manifest.capnp', import.meta.url), 'utf8');
}

async function listFile(
  store: ArtifactStore,
  { name, digest, size: said }: NamedArtifact,
): Promise<PackageManifest['files'][number]> {
  const { size, sha256, fsverity } = await fsVerityDigest(store.stream(digest));
  if (`sha256:${sha256}` !== digest)
    throw new HeptadError('ArtifactCorrupt', `The bytes of ${name} are not those that ${digest} names.`);
  if (size !== said)
    throw new HeptadError('InputInvalid', `${name} has ${size} bytes, not the ${said} that are said of it.`);
  return { path: name, size, sha256, fsverity };
}
