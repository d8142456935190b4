import { createHash } from 'node:crypto';
import { afterAll, expect, inject, test } from 'vitest';
import { genuineRun } from '../support/genuine-package/genuine-run.js';
import { changesOf, checksOn, missed, Specimen, summary, type Tampering } from './tampering.js';

const minutes = 60_000;

afterAll(() => console.log(`Bytes that were flipped, and found:\n${summary().text}`));

test('a flipped bit in any kilobyte of any file is found, and the file is named', {
  timeout: 10 * minutes,
}, async () => {
  const specimen = await Specimen.of(await genuineRun({ waived: true }));
  expect((await specimen.check()).proven).toBe(true);
  expect(await missed(specimen, flips(specimen))).toEqual([]);
  expect(summary().found).toBe(summary().tried);
  if (inject('everyTampering')) expect(summary().tried).toBeGreaterThanOrEqual(1000);
  else expect(summary().tried).toBeGreaterThan(30);
});

/** The first byte, the last byte, and two in each kilobyte, of every file. */
function* flips(specimen: Specimen): Iterable<Tampering> {
  for (const path of specimen.paths) {
    const bytes = specimen.bytesOf(path);
    const offsets = new Set([0, bytes.length - 1]);
    for (let start = 0; start < bytes.length; start += 1024)
      for (const draw of [start, start + 1])
        offsets.add(start + (chosen(path, draw) % Math.min(1024, bytes.length - start)));
    for (const offset of offsets) {
      const mask = 1 << (chosen(path, offset) % 8);
      const flipped = Buffer.from(bytes);
      flipped[offset] = (flipped[offset] ?? 0) ^ mask;
      yield {
        kind: kindOf(offset, bytes.length),
        says: `${path}, byte ${offset} of ${bytes.length}, bit mask ${mask}`,
        changes: changesOf([path, flipped]),
        by: checksOn(path),
      };
    }
  }
}

const kindOf = (offset: number, size: number): string =>
  offset === 0 ? 'the first byte' : offset === size - 1 ? 'the last byte' : 'a byte of a kilobyte';

/** The same number for the same place each time. */
const chosen = (path: string, place: number): number =>
  createHash('sha256').update(`${path} ${place}`).digest().readUInt32BE(0);
