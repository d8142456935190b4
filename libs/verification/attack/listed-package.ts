import { mediaType } from '../../artifacts/media-types.js';
import type { ArtifactRef } from '../../contracts/artifact.js';
import { type PackageManifest, packageManifestSchema, type StagedPackage } from '../../contracts/phase.js';
import { encodeManifest } from '../../packaging/manifest/encode-manifest.js';
import { fsVerityDigest } from '../../packaging/manifest/fs-verity-digest.js';
import type { Material } from './forgery.js';

export type Package = Material<StagedPackage>;
export type StagedFile = StagedPackage['files'][number];
export type ListedFile = PackageManifest['files'][number];

/** What is staged, with a manifest that lists it as it is, in both forms: nothing there gives the change away. */
export async function listed(staged: StagedPackage, { store }: Package): Promise<StagedPackage> {
  const old = await store.getJson(staged.manifest.digest, packageManifestSchema);
  const known = new Map(old.files.map(({ sha256, fsverity }) => [sha256, fsverity]));
  const files: ListedFile[] = [];
  for (const { name, size, digest } of inOrder(staged.files)) {
    const sha256 = digest.slice('sha256:'.length);
    const fsverity = known.get(sha256) ?? (await fsVerityDigest(store.stream(digest))).fsverity;
    files.push({ path: name, size, sha256, fsverity });
  }
  const manifest: PackageManifest = { ...old, files };
  return {
    ...staged,
    files: inOrder(staged.files),
    manifest: await store.putJson(manifest),
    manifestBinary: await store.put(encodeManifest(manifest), staged.manifestBinary.mediaType),
  };
}

const inOrder = (files: readonly StagedFile[]): StagedFile[] =>
  files.toSorted((a, b) => (a.name < b.name ? -1 : 1));

/** Stages a file that is not of this run. */
export async function withFile(
  staged: StagedPackage,
  { store }: Package,
  name: string,
): Promise<StagedPackage> {
  const ref = await store.put('It is not of this run.\n', mediaType.bytes);
  return { ...staged, files: inOrder([...staged.files, { ...ref, name }]) };
}

/** Puts another artifact in the place of one, wherever it is staged, and lists it. */
export const replacing = (
  staged: StagedPackage,
  old: ArtifactRef,
  { digest, size }: ArtifactRef,
  material: Package,
): Promise<StagedPackage> =>
  listed(
    {
      ...staged,
      files: staged.files.map((file) => (file.digest === old.digest ? { ...file, digest, size } : file)),
    },
    material,
  );

/** Puts other bytes in the place of a file that is staged, and lists them. */
export async function withBytes(
  staged: StagedPackage,
  material: Package,
  find: (file: StagedFile) => boolean,
  change: (bytes: Buffer) => Uint8Array,
): Promise<unknown> {
  const file = staged.files.find(find);
  if (!file) return undefined;
  const bytes = await material.store.get(file.digest);
  const { digest, size } = await material.store.put(change(Buffer.from(bytes)), file.mediaType);
  const files = staged.files.map((one) => (one === file ? { ...one, digest, size } : one));
  return await listed({ ...staged, files }, material);
}
