import type { ArtifactStore } from '../artifacts/artifact-store.js';
import { phaseRecordSchema, verdictSchema } from '../contracts/evidence.js';
import type { Digest } from '../protocol/digest.js';
import { HeptadError } from '../protocol/errors.js';
import { type ScoresByItem, scoresOf } from './verification-score.js';

/**
 * Reads from the record of execute what its verifiers found of each item.
 *
 * @param record the record of the phase execute
 * @param executed the outcome that must be the one that was verified
 * @throws HeptadError `InputInvalid` it is the record of something else, or names a verdict on something else
 * @throws HeptadError `ArtifactUnknown`, `ArtifactCorrupt`
 */
export async function readScores(
  store: ArtifactStore,
  record: { readonly digest: Digest },
  executed: { readonly digest: Digest },
): Promise<ScoresByItem> {
  const { run, phase, output, verdicts } = await store.getJson(record.digest, phaseRecordSchema);
  if (phase !== 'execute' || output !== executed.digest)
    throw new HeptadError(
      'InputInvalid',
      `The record ${record.digest} is of ${phase} with the output ${output ?? 'none'}; scores need that of execute with ${executed.digest}.`,
    );
  const found = await Promise.all(
    verdicts.map(async ({ pass, verdict: digest }) => {
      const verdict = await store.getJson(digest, verdictSchema);
      if (
        verdict.run !== run ||
        verdict.phase !== phase ||
        verdict.pass !== pass ||
        verdict.output !== output
      )
        throw new HeptadError(
          'InputInvalid',
          `The record of execute names ${digest} as its verdict of pass ${pass}, but that is of pass ${verdict.pass} on ${verdict.output} of the phase ${verdict.phase} of ${verdict.run}.`,
        );
      return verdict;
    }),
  );
  return scoresOf(found);
}
