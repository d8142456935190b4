import {
  executionSchema,
  type PackageManifest,
  packageManifestSchema,
  type StagedPackage,
  stagedPackageSchema,
} from '../../contracts/phase.js';
import { decisions } from '../../contracts/reports/synthesis.js';
import { layout } from '../../packaging/layout.js';
import { encodeManifest } from '../../packaging/manifest/encode-manifest.js';
import { readInput } from '../read-input.js';
import { changing, type Forgery, forgeriesOf, inventing, withFirst } from './forgery.js';
import {
  type ListedFile,
  listed,
  type Package,
  type StagedFile,
  withBytes,
  withFile,
} from './listed-package.js';
import { mergeForgeries } from './merge-forgeries.js';

/** Puts a changed manifest in the place of the genuine one, in both forms. */
const changingManifest = (
  name: string,
  change: (manifest: PackageManifest) => PackageManifest | undefined,
): Forgery<StagedPackage> =>
  changing(name, async (staged, { store }: Package) => {
    const manifest = await store.getJson(staged.manifest.digest, packageManifestSchema);
    const changed = change(structuredClone(manifest));
    return (
      changed && {
        ...staged,
        manifest: await store.putJson(changed),
        manifestBinary: await store.put(encodeManifest(changed), staged.manifestBinary.mediaType),
      }
    );
  });

/** Changes how the manifest lists a file. */
const changingListed = (name: string, change: (file: ListedFile) => ListedFile): Forgery<StagedPackage> =>
  changingManifest(name, (manifest) => {
    const [first, ...rest] = manifest.files;
    return first && { ...manifest, files: [change(first), ...rest] };
  });

const isPatch = ({ name }: StagedFile): boolean => name === layout.artifacts.patch;
const isReport = ({ name }: StagedFile): boolean => name === layout.report;
const isRecord = ({ name }: StagedFile): boolean => name === layout.evidence.record('execute');
const isVerdict = ({ name }: StagedFile): boolean => name === layout.evidence.verdict('execute', 'A');
const isDelivered = ({ name }: StagedFile): boolean => name.startsWith(layout.artifacts.file(''));

/** With its last byte turned. */
function turnedBytes(bytes: Buffer): Buffer {
  if (bytes.length === 0) return Buffer.from([1]);
  bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
  return bytes;
}

const forgeries: readonly Forgery<StagedPackage>[] = [
  changing('file-added', (staged, material) => withFile(staged, material, 'zz-added.txt')),
  inventing('file-added-and-listed', async (staged, material) =>
    listed(await withFile(staged, material, 'zz-added.txt'), material),
  ),
  changing('delivered-file-added-and-listed', async (staged, material) =>
    listed(await withFile(staged, material, layout.artifacts.file('zz-added.txt')), material),
  ),
  inventing('file-dropped-and-unlisted', (staged, material) =>
    listed({ ...staged, files: staged.files.filter((file) => !isReport(file)) }, material),
  ),
  inventing('report-replaced-and-listed', (staged, material) =>
    withBytes(staged, material, isReport, () => Buffer.from('<p>All is well.</p>\n')),
  ),
  inventing('record-replaced-and-listed', (staged, material) =>
    withBytes(staged, material, isRecord, turnedBytes),
  ),
  inventing('verdict-replaced-and-listed', (staged, material) =>
    withBytes(staged, material, isVerdict, turnedBytes),
  ),
  changing('delivered-file-replaced-and-listed', (staged, material) =>
    withBytes(staged, material, isDelivered, turnedBytes),
  ),
  changing('file-dropped', (staged) => ({ ...staged, files: staged.files.slice(1) })),
  changing('file-twice', (staged) => ({
    ...staged,
    files: [...staged.files, ...staged.files.slice(0, 1)],
  })),
  changing('files-swapped', (staged) => {
    const [first] = staged.files;
    const other = staged.files.find(({ digest }) => digest !== first?.digest);
    if (!first || !other) return undefined;
    const files = staged.files.map((file) => {
      if (file === first) return { ...other, name: first.name };
      return file === other ? { ...first, name: other.name } : file;
    });
    return { ...staged, files };
  }),
  changing('file-out-of-the-package', (staged, material) => withFile(staged, material, '../outside.txt')),
  changing('file-with-an-absolute-path', (staged, material) =>
    withFile(staged, material, '/etc/outside.txt'),
  ),
  changing('file-in-the-place-of-the-seal', (staged, material) =>
    withFile(staged, material, 'seal/seal.json'),
  ),
  changing('file-in-the-place-of-the-manifest', (staged, material) =>
    withFile(staged, material, 'manifest/manifest.json'),
  ),
  changing('file-of-nothing', (staged) => {
    const files = withFirst(staged.files, (file) => ({ ...file, digest: `sha256:${'0'.repeat(64)}` }));
    return files && { ...staged, files };
  }),
  changing('file-with-wrong-size', (staged) => {
    const files = withFirst(staged.files, (file) => ({ ...file, size: file.size + 1 }));
    return files && { ...staged, files };
  }),
  changingManifest('listed-file-added', (manifest) => ({
    ...manifest,
    files: [
      ...manifest.files,
      ...manifest.files.slice(0, 1).map((file) => ({ ...file, path: 'zz-added.txt' })),
    ],
  })),
  changingManifest('listed-file-dropped', (manifest) => ({ ...manifest, files: manifest.files.slice(1) })),
  changingManifest('listed-file-twice', (manifest) => ({
    ...manifest,
    files: [...manifest.files.slice(0, 1), ...manifest.files],
  })),
  changingManifest('list-out-of-order', (manifest) => ({ ...manifest, files: manifest.files.toReversed() })),
  changingManifest('list-emptied', (manifest) => ({ ...manifest, files: [] })),
  changingListed('listed-with-wrong-size', (file) => ({ ...file, size: file.size + 1 })),
  changingListed('listed-with-wrong-sha256', (file) => ({ ...file, sha256: turned(file.sha256) })),
  changingListed('listed-with-wrong-fsverity', (file) => ({ ...file, fsverity: turned(file.fsverity) })),
  changingListed('listed-with-sha256-for-fsverity', (file) => ({ ...file, fsverity: file.sha256 })),
  changingManifest('manifest-of-another-run', (manifest) => ({ ...manifest, run: `${manifest.run}x` })),
  changingManifest('manifest-of-another-subject', (manifest) => ({
    ...manifest,
    subject: 'npm:another@1.0.0',
  })),
  changingManifest('manifest-of-another-template', (manifest) => ({
    ...manifest,
    template: 'another@1.0.0',
  })),
  changingManifest('manifest-with-another-decision', (manifest) => ({
    ...manifest,
    decision: decisions.find((decision) => decision !== manifest.decision) ?? 'BLOCK',
  })),
  changingManifest('manifest-of-another-candidate', (manifest) => ({
    ...manifest,
    candidate: `${manifest.candidate}x`,
  })),
  changing('binary-manifest-of-another-kind', (staged) => ({ ...staged, manifestBinary: staged.manifest })),
  changing('binary-manifest-changed', async (staged, { store }: Package) => {
    const bytes = Buffer.from(await store.get(staged.manifestBinary.digest));
    bytes.fill((bytes.at(-1) ?? 0) ^ 1, bytes.length - 1);
    return { ...staged, manifestBinary: await store.put(bytes, staged.manifestBinary.mediaType) };
  }),
  changing('schema-of-the-manifest-changed', async (staged, { store }: Package) => {
    const bytes = await store.get(staged.manifestSchema.digest);
    const changed = Buffer.concat([bytes, Buffer.from('# Another line.\n')]);
    return { ...staged, manifestSchema: await store.put(changed, staged.manifestSchema.mediaType) };
  }),
  changing('candidate-renamed', (staged) => ({ ...staged, candidate: `${staged.candidate}x` })),
  changing('workspace-of-another-candidate', async (staged, { judged }: Package) => {
    const { results } = await readInput(judged, 'executed', executionSchema);
    const other = results.find(({ workspace }) => workspace && workspace.digest !== staged.workspace.digest);
    return other && { ...staged, workspace: other.workspace };
  }),
  changing('workspace-counted-wrong', (staged) => ({
    ...staged,
    workspace: { ...staged.workspace, bytes: staged.workspace.bytes + 1 },
  })),
  changing('patch-cut', (staged, material) =>
    withBytes(staged, material, isPatch, (bytes) => bytes.subarray(0, Math.floor(bytes.length / 2))),
  ),
  changing('patch-emptied', (staged, material) =>
    withBytes(staged, material, isPatch, () => Buffer.alloc(0)),
  ),
  changing('patch-left-out', (staged, material) =>
    listed({ ...staged, files: staged.files.filter((file) => !isPatch(file)) }, material),
  ),
  inventing('reason-invented', (staged) => ({
    ...staged,
    insteadOfMerge: staged.insteadOfMerge === null ? 'It seemed better.' : null,
  })),
  {
    name: 'record-of-another-phase',
    by: 'A',
    forge: async ({ judged: { input } }) => {
      const [one, other] = Object.keys(input).filter((name) => name.startsWith('record-'));
      if (one === undefined || other === undefined) return undefined;
      const ref = input[other];
      return ref && { input: { ...input, [one]: ref } };
    },
  },
];

/** A digest with its first digit turned. */
const turned = (hex: string): string => (hex.startsWith('0') ? '1' : '0') + hex.slice(1);

/** Forgeries of what deliver stages. */
export const packageForgeries = forgeriesOf(stagedPackageSchema, [...forgeries, ...mergeForgeries]);
