import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openStore } from '../../../libs/artifacts/open-store.js';
import { chunkResultsSchema, type SegmentReport } from '../../../libs/contracts/reports/segment.js';
import { inChunks } from '../../../libs/segments/cut-inputs.js';
import { runSegment } from '../../../libs/segments/run-segment.js';
import { repeatSample, sampleOf, sampleSize } from '../../../libs/segments/sample.js';
import { digestOfChunks } from '../../../libs/segments/segment-report.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { doubling, good } from './programs.js';

const report = (count: number, digest: string): SegmentReport => ({
  kind: 'segment',
  inputs: { count, digest: '0'.repeat(64) },
  completed: count,
  failed: 0,
  failures: [],
  chunks: [],
  digest,
});
const digest = fc.stringMatching(/^[0-9a-f]{64}$/);

test('a sample has all of few inputs, 50 of more, and the square root of many', () => {
  expect([0, 1, 50, 51, 2500, 2501, 10_000, 1_000_000].map(sampleSize)).toEqual([
    0, 1, 50, 50, 50, 51, 100, 1000,
  ]);
});

test('a sample has each index once, in order, and follows from the digest', () => {
  fc.assert(
    fc.property(fc.nat({ max: 20_000 }), digest, (count, of) => {
      const sample = sampleOf(report(count, of));
      expect(sample).toHaveLength(sampleSize(count));
      expect(new Set(sample).size).toBe(sample.length);
      expect(sample.every((index) => index >= 0 && index < count)).toBe(true);
      expect(sample).toEqual(sample.toSorted((one, other) => one - other));
      expect(sampleOf(report(count, of))).toEqual(sample);
    }),
  );
});

test('every input is drawn about as often as any other', () => {
  const drawn = new Array<number>(200).fill(0);
  for (const of of fc.sample(digest, { numRuns: 2000, seed: 1 }))
    for (const index of sampleOf(report(200, of))) drawn[index] = (drawn[index] ?? 0) + 1;
  // 2,000 draws of 50 from 200: 500 each, with a standard deviation of about 19.
  expect(Math.min(...drawn)).toBeGreaterThan(400);
  expect(Math.max(...drawn)).toBeLessThan(600);
});

test('an honest segment is the same again; what was changed in the sample is told', async () => {
  const store = openStore(await temporaryFolder());
  const inputs = inChunks([...good(300), 13], 50);
  const segment = { store, inputs, agent: doubling, attempts: 1 };
  const honest = await runSegment({ ...segment, prefix: 'segments/r/item', tolerate: 0.1 });
  expect(await repeatSample({ ...segment, report: honest })).toEqual({
    sampled: 50,
    of: 301,
    differences: [],
  });
  const chunks: SegmentReport['chunks'] = [];
  for (const chunk of honest.chunks) {
    const results = await store.getJson(chunk.results.digest, chunkResultsSchema);
    const forged = results.map((result) =>
      result.status === 'completed' ? { ...result, digest: 'f'.repeat(64) } : result,
    );
    chunks.push({ ...chunk, results: await store.putJson(forged) });
  }
  const forged = { ...honest, chunks, digest: digestOfChunks(chunks) };
  const { differences } = await repeatSample({ ...segment, report: forged });
  const last = sampleOf(forged).includes(300) ? 1 : 0;
  expect(differences).toHaveLength(50 - last);
  expect(differences[0]).toMatch(/^The input \d+ differs: f{64}, then [0-9a-f]{64}\.$/);
});
