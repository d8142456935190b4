import { readFile } from 'node:fs/promises';
import { mediaType } from '../../libs/artifacts/media-types.js';
import { parseJson } from '../../libs/artifacts/parse-json.js';
import type { EvidenceActivities } from '../../libs/contracts/activities.js';
import {
  type HistoryArchive,
  historyArchiveSchema,
  type Seal,
  type SealEntry,
  sealEntrySchema,
  sealSchema,
} from '../../libs/contracts/evidence.js';
import type { Trust } from '../../libs/crypto/trust.js';
import { readNamedDocuments } from '../../libs/evidence/read-named-documents.js';
import { refusalEntryName, sealEntryName } from '../../libs/evidence/seal-entry.js';
import { sealFacts } from '../../libs/evidence/seal-facts.js';
import { asSealed, sealFiles } from '../../libs/evidence/seal-files.js';
import { signingKeys } from '../../libs/evidence/signing-keys.js';
import { packageFolder } from '../../libs/packaging/package-folder.js';
import { HeptadError } from '../../libs/protocol/errors.js';
import { payloadType } from '../../libs/protocol/payload-types.js';
import type { EvidenceDependencies } from './dependencies.js';
import { type Held, heldEvidence } from './held-evidence.js';
import { writeSealFolders } from './write-seal-folders.js';

type Dependencies = Omit<EvidenceDependencies, 'client' | 'producer'>;

/**
 * Closes the evidence of a run that has ended: the seal as an artifact, the folders `histories` and `seal` in the
 * run's folder among the packages, and last the store's entry. A second seal of the run returns the first.
 *
 * @throws HeptadError `InputInvalid` the archive is of another run
 * @throws HeptadError `SealRefused` the evidence does not hold; the entry `refusals/{run}` says why
 */
export const writeSeal =
  (dependencies: Dependencies): EvidenceActivities['writeSeal'] =>
  async ({ run, by, archive: ref }) => {
    const { store, packages } = dependencies;
    const sealed = await readEntry(store, run);
    if (sealed) return { seal: sealed.seal };

    const archive = await store.getJson(ref.digest, historyArchiveSchema);
    if (archive.run !== run)
      throw new HeptadError('InputInvalid', `The archive is of the run ${archive.run}, not of ${run}.`);
    const trust = await dependencies.trust();
    const { closed, records } = await heldEvidence(store, archive, trust);
    const seal = await sealOf(dependencies, trust, { archive, closed, records, by });
    const signed = await store.putJson(seal);
    await writeSealFolders(store, packageFolder(packages, run), seal, signed);
    const entry: SealEntry = { seal: signed, summary: closed.summary };
    const first = await store.entries.put(sealEntryName(run), JSON.stringify(entry), { ifAbsent: true });
    if (first) {
      await store.entries.delete(refusalEntryName(run));
      return { seal: signed };
    }

    // Another attempt was faster: its seal holds, and the folder is to show that one.
    const other = await readEntry(store, run);
    if (!other) throw new HeptadError('Unexpected', `The entry ${sealEntryName(run)} was removed meanwhile.`);
    const theirs = await store.getJson(other.seal.digest, sealSchema);
    await writeSealFolders(store, packageFolder(packages, run), theirs, other.seal);
    return { seal: other.seal };
  };

async function sealOf(
  { store, packages, bundlePath, release }: Dependencies,
  trust: Trust,
  { archive, closed, records, by }: Held & { readonly archive: HistoryArchive; readonly by: Seal['by'] },
): Promise<Seal> {
  const { run, histories } = archive;
  const bundle = await store.put(await readFile(bundlePath), mediaType.javascript);
  const waivers = (await Promise.all(records.map((record) => readNamedDocuments(store, record)))).flatMap(
    (named) => [...named.waivers.values()],
  );
  const people = waivers.map((waiver) => waiver.by);
  const keys = await store.putJson(signingKeys(trust, people));
  const facts = await sealFacts(store, closed, records);
  const files = await sealFiles(store, { ...facts, run, histories, bundle, phaseRecords: records, keys });
  return release.signed(payloadType.seal, {
    version: 1,
    run,
    by,
    ...facts,
    histories,
    files: await asSealed(store, files),
    folder: packageFolder(packages, run),
    bundle,
  } satisfies Omit<Seal, 'signature'>);
}

async function readEntry(store: Dependencies['store'], run: string): Promise<SealEntry | undefined> {
  const name = sealEntryName(run);
  const bytes = await store.entries.get(name);
  return bytes && parseJson(bytes, sealEntrySchema, `The entry ${name}`);
}
