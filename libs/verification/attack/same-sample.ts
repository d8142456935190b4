import type { ArtifactStore } from '../../artifacts/artifact-store.js';
import type { ArtifactRef } from '../../contracts/artifact.js';
import {
  chunkResultsSchema,
  type SegmentReport,
  segmentReportSchema,
} from '../../contracts/reports/segment.js';
import { differenceOf, sampleOf } from '../../segments/sample.js';

interface Reported {
  readonly store: ArtifactStore;
  readonly outcome: ArtifactRef;
}

/**
 * Whether pass B would take a forged report of a segment for the genuine one: it executes only a sample of the inputs
 * again, which is drawn by what the forged report says.
 *
 * @throws HeptadError as the store's `getJson` does
 */
export async function sameSample(genuine: Reported, forged: Reported): Promise<boolean> {
  const first = await reportOf(genuine);
  const second = await reportOf(forged);
  if (first.inputs.digest !== second.inputs.digest || first.inputs.count !== second.inputs.count)
    return false;
  const sample = sampleOf(second);
  for (const chunk of first.chunks) {
    const only = sample.filter((index) => index >= chunk.first && index < chunk.first + chunk.count);
    if (only.length === 0) continue;
    const [made, committed] = [
      await resultsOf(genuine.store, first, chunk.first),
      await resultsOf(forged.store, second, chunk.first),
    ];
    for (const index of only) {
      const again = made.get(index);
      if (!again || differenceOf(committed.get(index), again) !== undefined) return false;
    }
  }
  return true;
}

const reportOf = ({ store, outcome }: Reported): Promise<SegmentReport> =>
  store.getJson(outcome.digest, segmentReportSchema);

/** Results of the chunk that begins at an input, by index. */
async function resultsOf(store: ArtifactStore, { chunks }: SegmentReport, first: number) {
  const chunk = chunks.find((one) => one.first === first);
  const results = chunk ? await store.getJson(chunk.results.digest, chunkResultsSchema) : [];
  return new Map(results.map((result) => [result.index, result]));
}
