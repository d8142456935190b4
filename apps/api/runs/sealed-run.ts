import { parseJson } from '../../../libs/artifacts/parse-json.js';
import type { ArtifactRef } from '../../../libs/contracts/artifact.js';
import { type Seal, sealEntrySchema, sealSchema } from '../../../libs/contracts/evidence.js';
import type { RunSummary } from '../../../libs/contracts/run.js';
import { sealEntryName } from '../../../libs/evidence/seal-entry.js';
import type { Dependencies } from '../dependencies.js';

/** A run as the index of seals knows it. */
export interface SealedRun {
  readonly ref: ArtifactRef;
  readonly summary: RunSummary;
  readonly seal: () => Promise<Seal>;
}

/** The seal of a run; undefined where it has none (yet). */
export async function sealedRun(
  { store }: Pick<Dependencies, 'store'>,
  run: string,
): Promise<SealedRun | undefined> {
  const name = sealEntryName(run);
  const bytes = await store.entries.get(name);
  if (bytes === undefined) return undefined;
  const { seal, summary } = parseJson(bytes, sealEntrySchema, `The entry ${name}`);
  return { ref: seal, summary, seal: () => store.getJson(seal.digest, sealSchema) };
}
