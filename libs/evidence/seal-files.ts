import type { ArtifactStore } from '../artifacts/artifact-store.js';
import type { ArtifactRef } from '../contracts/artifact.js';
import { type ArchivedHistory, phaseRecordSchema, type Seal } from '../contracts/evidence.js';
import type { FileToWrite } from '../packaging/write-folder.js';
import { workflowId } from '../protocol/names.js';
import { phaseNames, phaseNumber } from '../protocol/phases.js';

/** The files of the folder `seal`: `seal.json` and everything that it names, by artifact. */
export async function sealFiles(store: ArtifactStore, seal: Seal, ref: ArtifactRef): Promise<FileToWrite[]> {
  const files: FileToWrite[] = [
    { path: 'seal.json', digest: ref.digest },
    { path: 'bundle.js', digest: seal.bundle.digest },
    ...seal.histories.map((archived) => ({
      path: `histories/${nameOf(seal, archived)}.json`,
      digest: archived.history.digest,
    })),
  ];
  for (const phase of phaseNames) {
    const record = seal.records[phase];
    if (!record) continue;
    const name = `${phaseNumber(phase)}-${phase}`;
    const { attempts, verdicts } = await store.getJson(record.digest, phaseRecordSchema);
    files.push(
      { path: `records/${name}.json`, digest: record.digest },
      { path: `attempts/${name}.json`, digest: attempts.log.digest },
      ...verdicts.map(({ pass, verdict }) => ({ path: `verdicts/${name}-${pass}.json`, digest: verdict })),
    );
  }
  return files;
}

/** `run`, `1-ingest`; with the number in its chain where that has more than one run. */
function nameOf(seal: Seal, archived: ArchivedHistory): string {
  const root = workflowId.run(seal.run);
  const name = archived.workflowId === root ? 'run' : archived.workflowId.slice(root.length + 1);
  const safe = name.replaceAll('/', '_');
  const chain = seal.histories.filter(({ workflowId: id }) => id === archived.workflowId);
  return chain.length === 1 ? safe : `${safe}.${chain.indexOf(archived) + 1}`;
}
