import { expect, test } from 'vitest';
import { compareTexts } from '../../../../libs/artifacts/snapshot/compare-texts.js';
import { lineHunks } from '../../../../libs/artifacts/snapshot/line-hunks.js';
import { turnsDuring } from '../../../support/turns-during.js';

const lines = (count: number, word: string) =>
  Array.from({ length: count }, (_, n) => `${word} ${n}\n`).join('');

const before = lines(200_000, 'line');

test('the event loop comes round while long texts are compared', async () => {
  const after = before.replace('line 199000\n', 'changed\n');
  let hunks = '';
  const turns = await turnsDuring(async () => {
    hunks = await lineHunks({ before, after, kind: 'changed' });
  });
  expect(hunks).toContain('@@ -198998,7 +198998,7 @@\n line 198997\n');
  expect(hunks).toContain('-line 199000\n+changed\n');
  expect(turns).toBeGreaterThan(10);
});

test('the event loop comes round while short texts that differ much are compared', async () => {
  const change = { before: lines(2000, 'old'), after: lines(2000, 'new'), kind: 'changed' } as const;
  const turns = await turnsDuring(async () => {
    expect(await lineHunks(change)).toMatch(/^@@ -1,2000 \+1,2000 @@\n-old 0\n/);
  });
  expect(turns).toBeGreaterThan(10);
});

test('short texts that differ little are compared at once', async () => {
  const change = { before: 'one\n', after: 'two\n', kind: 'changed' } as const;
  expect(await turnsDuring(() => lineHunks(change))).toBe(1);
});

test.each([
  { kind: 'added', before: '', after: before },
  { kind: 'removed', before, after: '' },
  { kind: 'changed', before, after: lines(200_000, 'other') },
] as const)('a thread gives the hunks of a text that is $kind', async (change) => {
  expect(await lineHunks(change)).toBe(compareTexts(change));
});

test('the signal ends a comparison', async () => {
  const stop = new AbortController();
  const work = lineHunks({ before, after: lines(200_000, 'other'), kind: 'changed' }, stop.signal);
  const reason = new Error('not wanted any more');
  stop.abort(reason);
  await expect(work).rejects.toBe(reason);
});
