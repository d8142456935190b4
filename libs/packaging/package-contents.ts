import type { ArtifactStore } from '../artifacts/artifact-store.js';
import type { ArtifactRef } from '../contracts/artifact.js';
import { attestedFilesSchema, type PackageReceipt, stagedPackageSchema } from '../contracts/phase.js';
import type { Digest } from '../protocol/digest.js';
import { HeptadError } from '../protocol/errors.js';
import { byCodeUnit } from '../synthesis/order.js';
import { layout } from './layout.js';
import { packagePathProblem } from './package-path.js';
import type { FileToWrite } from './write-folder.js';

/** What is delivered: a staged package, what was attested of it, and the record of deliver. */
export interface ToDeliver {
  readonly run: string;
  readonly staged: ArtifactRef;
  readonly attestations: ArtifactRef;
  readonly record: ArtifactRef;
}

/** Every file of a delivered package, sorted by path, and its receipt. */
export interface PackageContents {
  readonly files: readonly FileToWrite[];
  readonly receipt: PackageReceipt;
  /** Digest of `delivery.json`, which is among the files. */
  readonly receiptDigest: Digest;
}

const attested: ReadonlySet<string> = new Set([...Object.values(layout.attestations), layout.evidence.keys]);

/**
 * What is written where a package is delivered. It is the same for every place, and when it is asked again.
 *
 * @throws HeptadError `InputInvalid` a file has a path that leads elsewhere
 */
export async function packageContents(
  store: ArtifactStore,
  { run, staged: stagedRef, attestations, record }: ToDeliver,
): Promise<PackageContents> {
  const staged = await store.getJson(stagedRef.digest, stagedPackageSchema);
  const added = (await store.getJson(attestations.digest, attestedFilesSchema)).toSorted((a, b) =>
    byCodeUnit(a.name, b.name),
  );
  const problems = [
    ...staged.files.flatMap(({ name }) => packagePathProblem(name) ?? []),
    ...added.filter(({ name }) => !attested.has(name)).map(({ name }) => `${name} is no attestation.`),
  ];
  if (problems.length > 0) throw new HeptadError('InputInvalid', problems.join(' '));
  const receipt: PackageReceipt = {
    version: 1,
    run,
    record: record.digest,
    manifest: staged.manifest.digest,
    staged: stagedRef.digest,
    files: staged.files.length,
    attestations: added.map(({ name, digest }) => ({ path: name, digest })),
  };
  const { digest: receiptDigest } = await store.putJson(receipt);
  const files = [
    ...[...staged.files, ...added].map(({ name, digest }) => ({ path: name, digest })),
    { path: layout.manifest.json, digest: staged.manifest.digest },
    { path: layout.manifest.binary, digest: staged.manifestBinary.digest },
    { path: layout.manifest.schema, digest: staged.manifestSchema.digest },
    { path: layout.reports.staged, digest: stagedRef.digest },
    { path: layout.receipt, digest: receiptDigest },
  ].sort((a, b) => byCodeUnit(a.path, b.path));
  return { files, receipt, receiptDigest };
}
