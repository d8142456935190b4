import type { ArtifactStore } from '../artifacts/artifact-store.js';
import { patchOf } from '../artifacts/snapshot/patch-of.js';
import type { StagedPackage } from '../contracts/phase.js';
import { chooseDelivered } from './choose-delivered.js';
import { makeManifest } from './manifest/make-manifest.js';
import { packageFiles } from './package-files.js';
import { type PackageInput, readRun } from './read-run.js';

/**
 * Assembles a package and stores its files. Everything in it follows from what is given: no time but those of the
 * records, no host, no order of arrival, so whoever does it again gets the same bytes.
 *
 * @param signal ends the work when it fires
 * @throws HeptadError `Blocked` the decision is BLOCK, or no candidate is eligible
 * @throws HeptadError `InputInvalid` an input does not fit the others, or a name cannot be one of a file
 * @throws HeptadError `ArtifactUnknown`, `ArtifactCorrupt`
 */
export async function assemblePackage(
  store: ArtifactStore,
  given: PackageInput,
  signal?: AbortSignal,
): Promise<StagedPackage> {
  const run = await readRun(store, given);
  const delivered = await chooseDelivered(store, run, given.input);
  const patch = await patchOf(store, run.accepted.captured.snapshot, delivered.workspace, signal);
  const judgement =
    delivered.judgement === run.judgement ? given.input.judged : await store.putJson(delivered.judgement);
  const files = await packageFiles(store, given, { ...run, delivered, patch }, judgement);
  const { request, captured } = run.accepted;
  const { json, bin, schema } = await makeManifest(
    store,
    {
      run: given.run,
      template: `${request.template.name}@${request.template.version}`,
      subject: captured.title,
      decision: run.judgement.decision,
      candidate: delivered.candidate,
    },
    files,
  );
  return {
    kind: 'package',
    candidate: delivered.candidate,
    workspace: delivered.workspace,
    merge: given.merged,
    judgement,
    validation: delivered.validated,
    insteadOfMerge: delivered.insteadOfMerge,
    manifest: json,
    manifestBinary: bin,
    manifestSchema: schema,
    files: [...files],
  };
}
