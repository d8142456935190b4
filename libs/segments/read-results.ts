import type { ArtifactStore } from '../artifacts/artifact-store.js';
import { chunkResultsSchema, type InputResult, type SegmentReport } from '../contracts/reports/segment.js';

/**
 * All results of a segment in the order of its inputs, read chunk by chunk.
 *
 * @throws HeptadError as the store's `getJson` does
 */
export async function* readResults(
  store: ArtifactStore,
  { chunks }: Pick<SegmentReport, 'chunks'>,
): AsyncGenerator<InputResult> {
  for (const { results } of chunks) yield* await store.getJson(results.digest, chunkResultsSchema);
}
