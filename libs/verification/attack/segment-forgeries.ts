import type { ArtifactStore } from '../../artifacts/artifact-store.js';
import { digestOfJson } from '../../artifacts/digest-of-json.js';
import type { Execution } from '../../contracts/phase.js';
import { chunkResultsSchema, type InputResult, type SegmentReport } from '../../contracts/reports/segment.js';
import { sampleSize } from '../../segments/sample.js';
import { digestOfChunks } from '../../segments/segment-report.js';
import { changingOutcome } from './changed-results.js';
import type { Forgery, Rejecting } from './forgery.js';

type Chunk = SegmentReport['chunks'][number];
type Completed = Extract<InputResult, { status: 'completed' }>;

/** Results that are forged together at most; of a longer segment not all are. */
const mostForged = 5000;

const segment = (
  name: string,
  change: (report: SegmentReport, store: ArtifactStore) => Promise<unknown> | unknown,
  by: Rejecting = 'A',
): Forgery<Execution> => changingOutcome(name, 'segment', (report, { store }) => change(report, store), by);

/** Other chunks, under the digest that they have. */
const withChunks = (report: SegmentReport, chunks: readonly Chunk[]): SegmentReport => ({
  ...report,
  chunks: [...chunks],
  digest: digestOfChunks(chunks),
});

/** Other results of a chunk, under the digest that they have; what is counted stays as it was. */
async function withResults(
  report: SegmentReport,
  store: ArtifactStore,
  change: (results: InputResult[]) => unknown[] | undefined,
): Promise<SegmentReport | undefined> {
  for (const [at, chunk] of report.chunks.entries()) {
    const changed = change(await store.getJson(chunk.results.digest, chunkResultsSchema));
    if (changed)
      return withChunks(report, report.chunks.with(at, { ...chunk, results: await store.putJson(changed) }));
  }
  return undefined;
}

/** The first completed result, and one that came to something else. */
function twoOf(results: readonly InputResult[]): [Completed, Completed] | undefined {
  const completed = results.filter((result) => result.status === 'completed');
  const [first] = completed;
  const other = completed.find(({ digest }) => digest !== first?.digest);
  return first && other && [first, other];
}

const instead = (results: readonly InputResult[], of: InputResult, by: unknown): unknown[] =>
  results.map((result) => (result === of ? by : result));

const failedOf = ({ index }: InputResult): InputResult => ({
  index,
  status: 'failed',
  code: 'AgentFailed',
  message: 'It failed.',
});

/** Turns the first completed result of the first chunk that has one into a failed one. */
const flipped = (report: SegmentReport, store: ArtifactStore): Promise<SegmentReport | undefined> =>
  withResults(report, store, (results) => {
    const first = results.find(({ status }) => status === 'completed');
    return first && instead(results, first, failedOf(first));
  });

/** Says of a changed segment how many inputs completed and which failed, as its results have it. */
async function counted(report: SegmentReport, store: ArtifactStore): Promise<SegmentReport> {
  const chunks: Chunk[] = [];
  const failures: SegmentReport['failures'] = [];
  for (const chunk of report.chunks) {
    const results = await store.getJson(chunk.results.digest, chunkResultsSchema);
    const failed = results.flatMap((result) =>
      result.status === 'failed' ? { index: result.index, code: result.code } : [],
    );
    failures.push(...failed);
    chunks.push({ ...chunk, completed: results.length - failed.length });
  }
  const { count } = report.inputs;
  return { ...report, chunks, failures, failed: failures.length, completed: count - failures.length };
}

/** Forgeries of what a segment says of its inputs, and of the results in its chunks. */
export const segmentForgeries: readonly Forgery<Execution>[] = [
  segment('segment-chunk-dropped', (report) => withChunks(report, report.chunks.slice(1))),
  segment('segment-chunk-twice', (report) =>
    withChunks(report, [...report.chunks.slice(0, 1), ...report.chunks]),
  ),
  segment('segment-chunks-reordered', (report) =>
    report.chunks.length > 1 ? withChunks(report, report.chunks.toReversed()) : undefined,
  ),
  segment('segment-chunk-with-results-of-another', (report) => {
    const [first, second, ...rest] = report.chunks;
    return first && second && withChunks(report, [{ ...first, results: second.results }, second, ...rest]);
  }),
  segment('segment-digest-of-another', (report) => ({ ...report, digest: report.inputs.digest })),
  segment('segment-of-other-inputs', (report) => ({
    ...report,
    inputs: { ...report.inputs, digest: report.digest },
  })),
  segment('segment-of-fewer-inputs', (report) =>
    report.inputs.count > 0
      ? { ...report, inputs: { ...report.inputs, count: report.inputs.count - 1 } }
      : undefined,
  ),
  segment('segment-input-counted-twice', (report) => ({ ...report, completed: report.completed + 1 })),
  segment('segment-failure-hidden', (report) => {
    const [failure] = report.failures;
    if (!failure) return undefined;
    return {
      ...report,
      completed: report.completed + 1,
      failed: report.failed - 1,
      failures: report.failures.slice(1),
      chunks: report.chunks.map((chunk) =>
        failure.index >= chunk.first && failure.index < chunk.first + chunk.count
          ? { ...chunk, completed: chunk.completed + 1 }
          : chunk,
      ),
    };
  }),
  segment('segment-failure-of-another-input', ({ failures: [first, ...rest], ...report }) =>
    first ? { ...report, failures: [{ ...first, index: first.index + 1 }, ...rest] } : undefined,
  ),
  segment('segment-failure-of-another-code', ({ failures: [first, ...rest], ...report }) =>
    first ? { ...report, failures: [{ ...first, code: 'Forged' }, ...rest] } : undefined,
  ),
  segment('segment-result-dropped', (report, store) =>
    withResults(report, store, (results) => results.slice(1)),
  ),
  segment('segment-result-twice', (report, store) =>
    withResults(report, store, (results) => [...results.slice(0, 1), ...results]),
  ),
  segment('segment-results-reordered', (report, store) =>
    withResults(report, store, (results) => (results.length > 1 ? results.toReversed() : undefined)),
  ),
  segment('segment-status-flipped', flipped),
  segment('segment-output-of-another-input', (report, store) =>
    withResults(report, store, (results) => {
      const [first, other] = twoOf(results) ?? [];
      return first && other && instead(results, first, { ...first, output: other.output });
    }),
  ),
  segment('segment-output-against-its-schema', (report, store) =>
    withResults(report, store, (results) => {
      const first = results.find(({ status }) => status === 'completed');
      const digest = digestOfJson([]).slice('sha256:'.length);
      return first && instead(results, first, { ...first, output: [], digest });
    }),
  ),
  segment('segment-result-with-an-unknown-field', (report, store) =>
    withResults(report, store, (results) => results.map((result) => ({ ...result, trusted: true }))),
  ),
  segment(
    'segment-status-flipped-throughout',
    async (report, store) => {
      // A longer segment is executed again in part, and the part need not be the one that is forged.
      if (sampleSize(report.inputs.count) < report.inputs.count) return undefined;
      const forged = await flipped(report, store);
      return forged && (await counted(forged, store));
    },
    'B',
  ),
  segment(
    'segment-outputs-replaced-throughout',
    async (report, store) => {
      if (report.inputs.count > mostForged) return undefined;
      const chunks: Chunk[] = [];
      let changed = false;
      for (const chunk of report.chunks) {
        const results = await store.getJson(chunk.results.digest, chunkResultsSchema);
        const [first, other] = twoOf(results) ?? [];
        const forged = results.map((result) => {
          if (result.status === 'failed' || !first || !other) return result;
          const { output, digest } = result.digest === first.digest ? other : first;
          return { ...result, output, digest };
        });
        changed ||= first !== undefined;
        chunks.push({ ...chunk, results: await store.putJson(forged) });
      }
      return changed ? withChunks(report, chunks) : undefined;
    },
    'B',
  ),
];
