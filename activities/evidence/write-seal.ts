import { readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { mediaType } from '../../libs/artifacts/media-types.js';
import { parseJson } from '../../libs/artifacts/parse-json.js';
import type { EvidenceActivities } from '../../libs/contracts/activities.js';
import type { ArtifactRef } from '../../libs/contracts/artifact.js';
import {
  historyArchiveSchema,
  type Seal,
  type SealEntry,
  sealEntrySchema,
  sealSchema,
} from '../../libs/contracts/evidence.js';
import { readClosedRun } from '../../libs/evidence/read-closed-run.js';
import { sealEntryName } from '../../libs/evidence/seal-entry.js';
import { sealFiles } from '../../libs/evidence/seal-files.js';
import { packageFolder } from '../../libs/packaging/package-folder.js';
import { publish, removeTemporary, writeBeside } from '../../libs/packaging/write-folder.js';
import { HeptadError } from '../../libs/protocol/errors.js';
import type { EvidenceDependencies } from './dependencies.js';

type Dependencies = Omit<EvidenceDependencies, 'client'>;

/**
 * Closes the evidence of a run that has ended: the seal as an artifact, the folder `seal` in the run's folder
 * among the packages, and last the store's entry. A second seal of the run returns the first.
 *
 * @throws HeptadError `InputInvalid` the archive is of another run, or not complete
 */
export const writeSeal =
  (dependencies: Dependencies): EvidenceActivities['writeSeal'] =>
  async ({ run, by, archive }) => {
    const { store, packages, bundlePath } = dependencies;
    const sealed = await readEntry(store, run);
    if (sealed) return { seal: sealed.seal };

    const histories = await store.getJson(archive.digest, historyArchiveSchema);
    if (histories.run !== run)
      throw new HeptadError('InputInvalid', `The archive is of the run ${histories.run}, not of ${run}.`);
    const closed = await readClosedRun(store, histories);
    const seal: Seal = {
      version: 1,
      run,
      tenant: closed.request.tenant,
      status: closed.status,
      failure: closed.failure,
      by,
      startedAt: closed.summary.startedAt,
      closedAt: closed.summary.closedAt,
      template: closed.summary.template,
      subject: closed.summary.subject ?? 'unknown',
      request: closed.request.request.digest,
      decision: closed.summary.decision,
      histories: histories.histories,
      records: closed.records,
      packageManifest: closed.delivered?.manifest ?? null,
      packagePath: closed.delivered?.path ?? null,
      folder: packageFolder(packages, run),
      bundle: await store.put(await readFile(bundlePath), mediaType.javascript),
    };
    const ref = await store.putJson(seal);
    await writeFolder(dependencies, seal, ref);
    const entry: SealEntry = { seal: ref, summary: closed.summary };
    const first = await store.entries.put(sealEntryName(run), JSON.stringify(entry), { ifAbsent: true });
    if (first) return { seal: ref };

    // Another attempt was faster: its seal holds, and the folder is to show that one.
    const other = await readEntry(store, run);
    if (!other) throw new HeptadError('Unexpected', `The entry ${sealEntryName(run)} was removed meanwhile.`);
    await writeFolder(dependencies, await store.getJson(other.seal.digest, sealSchema), other.seal);
    return { seal: other.seal };
  };

async function readEntry(store: Dependencies['store'], run: string): Promise<SealEntry | undefined> {
  const name = sealEntryName(run);
  const bytes = await store.entries.get(name);
  return bytes && parseJson(bytes, sealEntrySchema, `The entry ${name}`);
}

/** Writes the folder under a temporary name. What an attempt that was cut off left in its place is replaced. */
async function writeFolder({ store, packages }: Dependencies, seal: Seal, ref: ArtifactRef): Promise<void> {
  const target = join(packageFolder(packages, seal.run), 'seal');
  await removeTemporary(target);
  const temporary = await writeBeside(store, target, await sealFiles(store, seal, ref));
  try {
    if (await publish(temporary, target)) return;
    const aside = `${temporary}.replaced`;
    await rename(target, aside);
    await publish(temporary, target);
    await rm(aside, { recursive: true, force: true });
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    throw error;
  }
}
