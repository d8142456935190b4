import type { ArtifactStore } from '../../libs/artifacts/artifact-store.js';
import { canonicalJson } from '../../libs/artifacts/canonical-json.js';
import type { EvidenceActivities } from '../../libs/contracts/activities.js';
import { type Waiver, waiverSchema } from '../../libs/contracts/waiver.js';
import type { Trust } from '../../libs/crypto/trust.js';
import { waiverProblems } from '../../libs/evidence/waiver.js';
import type { Digest } from '../../libs/protocol/digest.js';
import { type ErrorCode, HeptadError } from '../../libs/protocol/errors.js';

export interface CheckWaiverDependencies {
  readonly store: ArtifactStore;
  /** The keys that are trusted now: a revocation counts at once. */
  readonly trust: () => Promise<Trust>;
}

/** Largest waiver that is read, in bytes. */
const limit = 256 * 1024;

/** Whether a person's waiver counts for what a phase waits for. */
export const checkWaiver =
  ({ store, trust }: CheckWaiverDependencies): EvidenceActivities['checkWaiver'] =>
  async ({ run, phase, round, output, verdicts, waiver: ref }) => {
    const read = await readWaiver(store, ref.digest);
    if ('problem' in read) return { problems: [read.problem] };
    const failed = verdicts.filter(({ passed }) => !passed).map(({ verdict }) => verdict.digest);
    const of = { run, phase, round, output: output.digest, verdicts: failed };
    return { problems: waiverProblems(read.waiver, of, await trust()) };
  };

async function readWaiver(
  store: ArtifactStore,
  digest: Digest,
): Promise<{ waiver: Waiver } | { problem: string }> {
  try {
    const waiver = await store.getJson(digest, waiverSchema, { limit });
    const bytes = await store.get(digest, { limit });
    return canonicalJson(waiver) === bytes.toString()
      ? { waiver }
      : { problem: `The waiver ${digest} is not canonical JSON.` };
  } catch (error) {
    if (error instanceof HeptadError && unusable.has(error.code)) return { problem: error.message };
    throw error;
  }
}

const unusable: ReadonlySet<ErrorCode> = new Set([
  'ArtifactCorrupt',
  'ArtifactTooLarge',
  'ArtifactUnknown',
  'InputInvalid',
]);
