import { createHash } from 'node:crypto';
import { type CommittedChunk, mostNamedFailures, type SegmentReport } from '../contracts/reports/segment.js';
import type { SegmentInputs } from './cut-inputs.js';

/** The report of a segment all of whose chunks are committed; they are in order. */
export function segmentReport(
  { count, digest }: Pick<SegmentInputs, 'count' | 'digest'>,
  chunks: readonly CommittedChunk[],
): SegmentReport {
  const failures = chunks.flatMap(({ failed }) => failed);
  return {
    kind: 'segment',
    inputs: { count, digest },
    completed: chunks.reduce((sum, { completed }) => sum + completed, 0),
    failed: failures.length,
    failures: failures.slice(0, mostNamedFailures),
    chunks: chunks.map(({ failed: _, ...chunk }) => chunk),
    digest: digestOfChunks(chunks),
  };
}

/** SHA-256 over the digests of the chunks' results, a line each, hexadecimal. */
export function digestOfChunks(chunks: readonly Pick<CommittedChunk, 'results'>[]): string {
  const digest = createHash('sha256');
  for (const { results } of chunks) digest.update(`${results.digest}\n`);
  return digest.digest('hex');
}
