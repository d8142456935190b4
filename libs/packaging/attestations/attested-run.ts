import type { ArtifactStore } from '../../artifacts/artifact-store.js';
import { mediaType } from '../../artifacts/media-types.js';
import type { ArtifactRef } from '../../contracts/artifact.js';
import {
  type AcceptedRequest,
  type Assignment,
  acceptedRequestSchema,
  assignmentSchema,
  type PackageManifest,
  packageManifestSchema,
  type StagedPackage,
  stagedPackageSchema,
} from '../../contracts/phase.js';
import { type ValidationReport, validationReportSchema } from '../../contracts/reports/candidate.js';
import { type MergeReport, mergeReportSchema } from '../../contracts/reports/merge.js';
import type { Digest } from '../../protocol/digest.js';
import { HeptadError } from '../../protocol/errors.js';
import { type PhaseEvidence, phasesBeforeDelivery, readEvidence } from '../read-run.js';

/** What the attestations of a package are made from. */
export interface AttestedRun {
  readonly run: string;
  readonly staged: StagedPackage;
  readonly stagedDigest: Digest;
  readonly manifest: PackageManifest;
  readonly accepted: AcceptedRequest;
  readonly assignment: Assignment;
  /** Null where nothing competed. */
  readonly merge: MergeReport | null;
  /** Of what is delivered; null where no tests were run on it. */
  readonly validation: ValidationReport | null;
  /** Of the phases so far, in order; the last is that of deliver. */
  readonly evidence: readonly PhaseEvidence[];
}

/**
 * Reads what the attestations of a package are made from.
 *
 * @param given the staged package, and the record of deliver
 * @throws HeptadError `InputInvalid` the record is not of deliver, or names something that is not there
 * @throws HeptadError `ArtifactUnknown`, `ArtifactCorrupt`
 */
export async function readAttestedRun(
  store: ArtifactStore,
  { run, staged, record }: { run: string; staged: ArtifactRef; record: ArtifactRef },
): Promise<AttestedRun> {
  const delivery = await readEvidence(store, 'deliver', record);
  const { input } = delivery.record;
  const digestOf = (name: string): Digest => {
    const digest = input[name];
    if (!digest)
      throw new HeptadError('InputInvalid', `The record ${record.digest} does not name ${name} as an input.`);
    return digest;
  };
  const read = await store.getJson(staged.digest, stagedPackageSchema);
  const before = await Promise.all(
    phasesBeforeDelivery.map(async (phase) => {
      const digest = digestOf(`record-${phase}`);
      const ref = { digest, size: await store.size(digest), mediaType: mediaType.json };
      return await readEvidence(store, phase, ref);
    }),
  );
  return {
    run,
    staged: read,
    stagedDigest: staged.digest,
    manifest: await store.getJson(read.manifest.digest, packageManifestSchema),
    accepted: await store.getJson(digestOf('accepted'), acceptedRequestSchema),
    assignment: await store.getJson(digestOf('assignment'), assignmentSchema),
    merge: read.merge && (await store.getJson(read.merge.digest, mergeReportSchema)),
    validation: read.validation && (await store.getJson(read.validation.digest, validationReportSchema)),
    evidence: [...before, delivery],
  };
}
