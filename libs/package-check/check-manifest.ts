import { type PackageManifest, packageManifestSchema, packageReceiptSchema } from '../contracts/phase.js';
import { attestationsOf, filesAfterManifest, isOfSeal, layout } from '../packaging/layout.js';
import { encodeManifest } from '../packaging/manifest/encode-manifest.js';
import { packagePathProblem } from '../packaging/package-path.js';
import type { Findings } from './findings.js';
import { readDocument } from './read-document.js';
import { digestAt, type PackageFolder } from './read-folder.js';
import { saysTested } from './says-tested.js';

/** Files that come after the manifest, which the receipt and the seal name. */
const laterOf = (tested: boolean): ReadonlySet<string> =>
  new Set(filesAfterManifest.filter((path) => tested || path !== layout.attestations.testResult));

/** Every file is the one that the manifest lists, and there is no other. @returns the manifest, where it can be read */
export async function checkManifest(
  folder: PackageFolder,
  findings: Findings,
): Promise<PackageManifest | undefined> {
  const { files, strange } = folder;
  findings.add('package', 'folder', `${files.size} files, in folders alone.`, strange);
  const manifest = await findings.look('package', 'manifest', 'It is canonical JSON of its contract.', () =>
    readDocument(folder, layout.manifest.json, packageManifestSchema),
  );
  if (!manifest) return undefined;

  await findings.look(
    'package',
    'manifest-binary',
    'It says the same, in its canonical encoding.',
    (problems) => {
      const binary = files.get(layout.manifest.binary)?.bytes;
      if (!binary?.equals(encodeManifest(manifest)))
        problems.push(`${layout.manifest.binary} is not the encoding of ${layout.manifest.json}.`);
    },
  );
  const tested = saysTested(folder);
  findings.add(
    'package',
    'complete',
    completeSays(manifest),
    listProblems(folder, manifest, laterOf(tested)),
  );
  findings.add(
    'package',
    'digests',
    `${manifest.files.length} files have their size, SHA-256 and fs-verity digest.`,
    manifest.files.flatMap((listed) => {
      const found = files.get(listed.path);
      if (!found) return [];
      const same =
        found.size === listed.size && found.sha256 === listed.sha256 && found.fsverity === listed.fsverity;
      return same ? [] : [`${listed.path} is not the file that the manifest lists.`];
    }),
  );
  await findings.look('package', 'receipt', 'It is for this manifest and these attestations.', (problems) => {
    const receipt = readDocument(folder, layout.receipt, packageReceiptSchema);
    const digest = (path: string) => digestAt(folder, path);
    if (receipt.run !== manifest.run) problems.push(`It is of the run ${receipt.run}.`);
    if (receipt.manifest !== digest(layout.manifest.json)) problems.push('It is for another manifest.');
    if (receipt.staged !== digest(layout.reports.staged))
      problems.push(`It is not for what ${layout.reports.staged} says.`);
    if (receipt.files !== manifest.files.length) problems.push(`It counts ${receipt.files} files.`);
    const listed = receipt.attestations.map(({ path }) => path);
    const expected = [...attestationsOf(tested), layout.evidence.keys].sort();
    if (listed.join() !== expected.join())
      problems.push('It does not list each attestation and the keys once.');
    for (const attested of receipt.attestations)
      if (attested.digest !== digest(attested.path))
        problems.push(`${attested.path} is not the one that was delivered.`);
  });
  return manifest;
}

const completeSays = ({ files }: PackageManifest): string =>
  `Exactly the ${files.length} files of the manifest are there, beside those that come after it.`;

function listProblems(
  { files }: PackageFolder,
  manifest: PackageManifest,
  later: ReadonlySet<string>,
): string[] {
  const paths = manifest.files.map(({ path }) => path);
  const listed = new Set(paths);
  return [
    ...paths.flatMap((path) => packagePathProblem(path) ?? []),
    ...paths.flatMap((path, index) => {
      const before = paths[index - 1];
      return before === undefined || before < path ? [] : [`${path} is listed out of order, or twice.`];
    }),
    ...paths.filter((path) => later.has(path) || isOfSeal(path)).map((path) => `${path} cannot be listed.`),
    ...paths.filter((path) => !files.has(path)).map((path) => `${path} is missing.`),
    ...[...later].filter((path) => !files.has(path)).map((path) => `${path} is missing.`),
    ...[...files.keys()]
      .filter((path) => !listed.has(path) && !later.has(path) && !isOfSeal(path))
      .map((path) => `${path} is not part of the package.`),
  ];
}
