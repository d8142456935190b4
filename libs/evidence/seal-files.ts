import type { ArtifactStore } from '../artifacts/artifact-store.js';
import type { ArtifactRef } from '../contracts/artifact.js';
import type { ArchivedHistory, PhaseRecord, Seal } from '../contracts/evidence.js';
import { layout } from '../packaging/layout.js';
import type { FileToWrite } from '../packaging/write-folder.js';
import type { Digest } from '../protocol/digest.js';
import { workflowId } from '../protocol/names.js';
import { phaseNumber } from '../protocol/phases.js';

/** What the files that come with a seal are made from. */
export interface Sealed extends Pick<Seal, 'run' | 'histories' | 'bundle' | 'deliveries'> {
  readonly phaseRecords: readonly PhaseRecord[];
  readonly records: Seal['records'];
  readonly request: Digest;
  /** The public keys that the evidence was signed with. */
  readonly keys: ArtifactRef;
}

/** `seal.json`, the last of all, which lists the others. */
export const sealPath = `${layout.seal}/seal.json`;

/**
 * Every file that comes with a seal but `seal.json`, by its path in the run's folder, sorted. What was asked, what
 * phases staged, verdicts and waivers are among them as far as they are there.
 */
export async function sealFiles(store: ArtifactStore, sealed: Sealed): Promise<FileToWrite[]> {
  const { histories, bundle, keys, records, phaseRecords, request } = sealed;
  const there = await present(store, sealed);
  const files: FileToWrite[] = [
    ...histories.map((archived) => ({
      path: `${layout.histories}/${nameOf(sealed, archived)}.json`,
      digest: archived.history.digest,
    })),
    { path: `${layout.seal}/bundle.js`, digest: bundle.digest },
    { path: `${layout.seal}/keys.json`, digest: keys.digest },
    ...sealed.deliveries.map((digest, index) => ({
      path: `${layout.seal}/deliveries/${index + 1}.json`,
      digest,
    })),
    ...(there.has(request) ? [{ path: `${layout.seal}/request.json`, digest: request }] : []),
  ];
  for (const { phase, output, attempts, verdicts, waiver } of phaseRecords) {
    const name = `${phaseNumber(phase)}-${phase}`;
    const record = records[phase];
    if (record) files.push({ path: `${layout.seal}/records/${name}.json`, digest: record.digest });
    if (output && there.has(output))
      files.push({ path: `${layout.seal}/outputs/${name}.json`, digest: output });
    files.push({ path: `${layout.seal}/attempts/${name}.json`, digest: attempts.log.digest });
    for (const { pass, verdict } of verdicts)
      if (there.has(verdict))
        files.push({ path: `${layout.seal}/verdicts/${name}-${pass}.json`, digest: verdict });
    if (waiver && there.has(waiver))
      files.push({ path: `${layout.seal}/waivers/${name}.json`, digest: waiver });
  }
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** A phase that failed may have staged what is not there, or its verifier may lie. */
async function present(
  store: ArtifactStore,
  { request, phaseRecords }: Pick<Sealed, 'request' | 'phaseRecords'>,
): Promise<ReadonlySet<Digest>> {
  const named = phaseRecords.flatMap(({ output, waiver, verdicts }) => [
    ...[output, waiver].flatMap((digest) => digest ?? []),
    ...verdicts.map(({ verdict }) => verdict),
  ]);
  const digests = [request, ...named];
  const found = await Promise.all(digests.map((digest) => store.has(digest)));
  return new Set(digests.filter((_, index) => found[index]));
}

/** The files as the seal lists them. */
export async function asSealed(store: ArtifactStore, files: readonly FileToWrite[]): Promise<Seal['files']> {
  return await Promise.all(
    files.map(async ({ path, digest }) => ({
      path,
      size: await store.size(digest),
      sha256: digest.slice('sha256:'.length),
    })),
  );
}

/** The files that a seal lists, and itself. */
export const filesOfSeal = ({ files }: Pick<Seal, 'files'>, seal: ArtifactRef): FileToWrite[] => [
  ...files.map(({ path, sha256 }) => ({ path, digest: `sha256:${sha256}` as const })),
  { path: sealPath, digest: seal.digest },
];

/** `run`, `1-ingest`; with the number in its chain where that has more than one run. */
function nameOf({ run, histories }: Pick<Seal, 'run' | 'histories'>, archived: ArchivedHistory): string {
  const root = workflowId.run(run);
  const name = archived.workflowId === root ? 'run' : archived.workflowId.slice(root.length + 1);
  const safe = name.replaceAll('/', '_');
  const chain = histories.filter(({ workflowId: id }) => id === archived.workflowId);
  return chain.length === 1 ? safe : `${safe}.${chain.indexOf(archived) + 1}`;
}
