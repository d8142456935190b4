import { createHash } from 'node:crypto';
import type { ArtifactStore } from '../artifacts/artifact-store.js';
import { canonicalJson } from '../artifacts/canonical-json.js';
import { inParallel } from '../artifacts/snapshot/in-parallel.js';
import type { CommittedChunk, SegmentReport } from '../contracts/reports/segment.js';
import { HeptadError } from '../protocol/errors.js';
import { committedChunks } from './committed-chunks.js';
import type { SegmentInputs } from './cut-inputs.js';
import { executeInputs, type MicroProgram } from './execute-inputs.js';
import { segmentReport } from './segment-report.js';

/** Chunks that are on their way at once: two are computed, the others are read or written. */
const atOnce = 4;

/** Failed inputs that an error names. */
const named = 5;

export interface Segment {
  readonly store: ArtifactStore;
  /** What the names of its chunks begin with, `segments/RUN/ITEM`. */
  readonly prefix: string;
  readonly inputs: SegmentInputs;
  readonly agent: MicroProgram;
  /** Executions of one input before it counts as failed. */
  readonly attempts: number;
  /** Part of the inputs that may fail, from 0 to 1. */
  readonly tolerate: number;
  readonly signal?: AbortSignal | undefined;
  /** Called for each committed chunk, also one of an earlier execution, with how many there are by now. */
  readonly onChunk?: ((chunk: CommittedChunk, committed: number) => Promise<void>) | undefined;
}

/**
 * Executes a micro agent on each input of a segment, and commits the results chunk by chunk. Chunks that an earlier
 * execution of the same segment committed are taken as they are. Two executions at once commit each chunk once: who
 * comes second takes what is there.
 *
 * @throws HeptadError `AgentFailed` the program cannot be loaded, or more inputs failed than are tolerated: it names
 *   how many and the first of them, of the chunks up to the one that is too much
 * @throws HeptadError as the store does
 * @throws the signal's reason where it was aborted
 */
export async function runSegment(segment: Segment): Promise<SegmentReport> {
  const { store, inputs, agent, attempts, signal, onChunk } = segment;
  const chunks = committedChunks(store, `${segment.prefix}/${identityOf(segment)}`);
  const before = await chunks.read();
  const done = new Map<number, CommittedChunk>();
  const failures = failuresUpTo(segment, done);
  await inParallel(inputs.chunks.entries(), atOnce, async ([number, text]) => {
    signal?.throwIfAborted();
    const first = number * inputs.chunk;
    const chunk =
      before.get(number) ??
      (await chunks.commit(
        number,
        first,
        await executeInputs(agent, { inputs: text, first, attempts, signal }),
      ));
    done.set(number, chunk);
    failures.check();
    await onChunk?.(chunk, done.size);
  });
  return segmentReport(
    inputs,
    inputs.chunks.flatMap((_, number) => done.get(number) ?? []),
  );
}

/**
 * What a segment is, apart from its name: another program, other inputs or another way to cut them make another one, whose
 * chunks are not taken for this one's.
 */
function identityOf({ inputs, agent, attempts }: Segment): string {
  const { source, limits, outcome, expects } = agent;
  const { count, chunk, digest } = inputs;
  return createHash('sha256')
    .update(
      canonicalJson({
        ...{ source, limits, outcome, count, chunk, digest, attempts },
        ...(expects ? { expects } : {}),
      }),
    )
    .digest('hex')
    .slice(0, 32);
}

/** How many of a segment's inputs may fail. */
export const tolerated = (part: number, inputs: number): number => Math.floor(part * inputs);

/** Fails a segment with too many failed inputs. It looks at the chunks in order, so that it always says the same. */
function failuresUpTo({ inputs, tolerate, agent }: Segment, done: ReadonlyMap<number, CommittedChunk>) {
  const allowed = tolerated(tolerate, inputs.count);
  const failed: CommittedChunk['failed'] = [];
  let next = 0;
  return {
    /** @throws HeptadError `AgentFailed` */
    check: (): void => {
      for (let chunk = done.get(next); chunk; chunk = done.get(next)) {
        failed.push(...chunk.failed);
        next += 1;
        if (failed.length <= allowed) continue;
        const first = failed.slice(0, named).map(({ index, code }) => `${index} (${code})`);
        throw new HeptadError(
          'AgentFailed',
          `${failed.length} of the first ${chunk.first + chunk.count} of ${inputs.count} inputs failed with ${agent.id}; ${allowed} are tolerated. The first: ${first.join(', ')}.`,
          {
            problems: failed.slice(0, named).map(({ index, code }) => ({
              path: `/${index}`,
              reason: `It failed with ${code}.`,
            })),
          },
        );
      }
    },
  };
}
