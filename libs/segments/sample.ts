import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { z } from 'zod';
import type { ArtifactStore } from '../artifacts/artifact-store.js';
import { inParallel } from '../artifacts/snapshot/in-parallel.js';
import {
  chunkResultsSchema,
  type InputResult,
  inputResultSchema,
  type SegmentReport,
} from '../contracts/reports/segment.js';
import type { SegmentInputs } from './cut-inputs.js';
import { executeInputs, type MicroProgram } from './execute-inputs.js';

const resultsSchema = z.array(inputResultSchema);

/** Inputs that a sample has at least, where there are as many. */
const least = 50;

/** How many of a segment's inputs are executed again: all up to 50, then 50, and from 2,500 on the square root. */
export const sampleSize = (inputs: number): number =>
  Math.min(inputs, Math.max(least, Math.ceil(Math.sqrt(inputs))));

/** The sample of a segment, by index. It follows from the digest of the segment's results, so from all of them. */
export function sampleOf({ digest, inputs: { count } }: SegmentReport): number[] {
  const random = xoroshiro128plus(Number.parseInt(digest.slice(0, 8), 16) | 0);
  const chosen = new Set<number>();
  // Floyd's way: as many draws as there are to choose, and each set is as likely as any other.
  for (let last = count - sampleSize(count); last < count; last += 1) {
    const drawn = uniformInt(random, 0, last);
    chosen.add(chosen.has(drawn) ? last : drawn);
  }
  return [...chosen].sort((one, other) => one - other);
}

export interface Repeated {
  /** How many inputs were executed again, of how many. */
  readonly sampled: number;
  readonly of: number;
  /** A sentence for each input that came out otherwise than was committed. */
  readonly differences: readonly string[];
}

export interface SampleToRepeat {
  readonly store: ArtifactStore;
  readonly report: SegmentReport;
  readonly inputs: SegmentInputs;
  readonly agent: MicroProgram;
  readonly attempts: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Executes a sample of a segment's inputs again, and compares status and digest, or code, of each with what was
 * committed.
 *
 * @throws HeptadError as `executeInputs` and the store do
 */
export async function repeatSample(segment: SampleToRepeat): Promise<Repeated> {
  const { store, report, inputs, agent, attempts, signal } = segment;
  const sample = sampleOf(report);
  const differences = new Map<number, string>();
  await inParallel(inputs.chunks.entries(), 2, async ([number, text]) => {
    signal?.throwIfAborted();
    const first = number * inputs.chunk;
    const only = sample.filter((index) => index >= first && index < first + inputs.chunk);
    if (only.length === 0) return;
    const done = await executeInputs(agent, { inputs: text, first, only, attempts, signal });
    const again = resultsSchema.parse(JSON.parse(done.results));
    const chunk = report.chunks.find((one) => one.first === first);
    const committed = chunk ? await store.getJson(chunk.results.digest, chunkResultsSchema) : [];
    const byIndex = new Map(committed.map((result) => [result.index, result]));
    for (const second of again) {
      const difference = differenceOf(byIndex.get(second.index), second);
      if (difference !== undefined) differences.set(second.index, difference);
    }
  });
  return {
    sampled: sample.length,
    of: report.inputs.count,
    differences: sample.flatMap((index) => differences.get(index) ?? []),
  };
}

const said = (result: InputResult): string =>
  result.status === 'completed' ? result.digest : `failed with ${result.code}`;

/** How an input came out otherwise than was committed; undefined where it did not. */
export function differenceOf(first: InputResult | undefined, second: InputResult): string | undefined {
  if (!first) return `The input ${second.index} has no result.`;
  return said(first) === said(second)
    ? undefined
    : `The input ${second.index} differs: ${said(first)}, then ${said(second)}.`;
}
