import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type Attempt,
  attemptLogSchema,
  type PhaseRecord,
  phaseRecordSchema,
  type Seal,
  sealEntrySchema,
  sealSchema,
} from '../../libs/contracts/evidence.js';
import { sealEntryName } from '../../libs/evidence/seal-entry.js';
import { phaseNames } from '../../libs/protocol/phases.js';
import type { LiveStack } from './live-stack.js';

/** A run as its seal has it. */
export interface SealedRun {
  readonly seal: Seal;
  /** Records of the phases that wrote one, in order. */
  readonly records: readonly PhaseRecord[];
  /** The attempts of all these phases. */
  readonly attempts: readonly Attempt[];
}

/** Reads a run from its seal and from the artifacts that it names. */
export async function sealedRun({ store }: LiveStack, run: string): Promise<SealedRun> {
  const bytes = await store.entries.get(sealEntryName(run));
  if (!bytes) throw new Error(`Run ${run} has no seal.`);
  const entry = sealEntrySchema.parse(JSON.parse(bytes.toString()));
  const seal = await store.getJson(entry.seal.digest, sealSchema);
  const refs = phaseNames.flatMap((phase) => seal.records[phase] ?? []);
  const records = await Promise.all(refs.map(({ digest }) => store.getJson(digest, phaseRecordSchema)));
  const logs = await Promise.all(
    records.map(({ attempts }) => store.getJson(attempts.log.digest, attemptLogSchema)),
  );
  return { seal, records, attempts: logs.flatMap(({ attempts }) => attempts) };
}

/** A file of the run's folder among the packages, as JSON. */
export async function readInPackage(seal: Seal, path: string): Promise<unknown> {
  return JSON.parse(await readFile(join(seal.folder, path), 'utf8'));
}
