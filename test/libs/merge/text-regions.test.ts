import fc from 'fast-check';
import { diff3Merge } from 'node-diff3';
import { expect, test } from 'vitest';
import { linesOf, type TextRegion, textRegions } from '../../../libs/merge/text-regions.js';

const text = (...lines: string[]): string => lines.map((line) => `${line}\n`).join('');

function assembled(
  base: string,
  regions: readonly TextRegion[],
  take: (region: TextRegion) => string,
): string {
  const lines = linesOf(base);
  let at = 0;
  const parts = regions.flatMap((region) => {
    const before = lines.slice(at, region.first - 1);
    at = region.first - 1 + region.count;
    return [...before, take(region)];
  });
  return [...parts, ...lines.slice(at)].join('');
}

/** Texts of few different lines, so that they have much in common; the last line may have no end. */
const texts = fc
  .tuple(
    fc.array(fc.constantFrom('a\n', 'b\n', 'c\r\n', '\n'), { maxLength: 12 }),
    fc.constantFrom('', 'a', 'z'),
  )
  .map(([lines, end]) => lines.join('') + end);

test('changes in different places are regions of their own, each with what every version has there', () => {
  const regions = textRegions({
    base: text('one', 'two', 'three', 'four', 'five'),
    versions: [text('ONE', 'two', 'three', 'four', 'five'), text('one', 'two', 'three', 'five', 'six')],
  });
  expect(regions).toEqual([
    { first: 1, count: 1, base: 'one\n', versions: ['ONE\n', 'one\n'] },
    { first: 4, count: 1, base: 'four\n', versions: ['four\n', ''] },
    { first: 6, count: 0, base: '', versions: ['', 'six\n'] },
  ]);
});

test('changes that touch are one region, because they do not merge cleanly', () => {
  const regions = textRegions({
    base: text('one', 'two', 'three'),
    versions: [text('ONE', 'two', 'three'), text('one', 'TWO', 'three')],
  });
  expect(regions).toEqual([
    { first: 1, count: 2, base: 'one\ntwo\n', versions: ['ONE\ntwo\n', 'one\nTWO\n'] },
  ]);
});

test('a version is the base with its text in every region, byte for byte', () => {
  fc.assert(
    fc.property(texts, fc.array(texts, { minLength: 1, maxLength: 4 }), (base, versions) => {
      const regions = textRegions({ base, versions });
      expect(assembled(base, regions, (region) => region.base)).toBe(base);
      for (const [index, version] of versions.entries())
        expect(assembled(base, regions, (region) => region.versions[index] ?? '')).toBe(version);
    }),
  );
});

test('two versions that merge cleanly give what a three-way merge gives', () => {
  fc.assert(
    fc.property(texts, texts, texts, (base, one, other) => {
      const merged = diff3Merge(linesOf(one), linesOf(base), linesOf(other), { excludeFalseConflicts: true });
      fc.pre(merged.every(({ conflict }) => conflict === undefined));
      const regions = textRegions({ base, versions: [one, other] });
      const ours = assembled(base, regions, ({ base: was, versions: [a = '', b = ''] }) =>
        a === was ? b : a,
      );
      expect(ours).toBe(merged.flatMap(({ ok }) => ok ?? []).join(''));
    }),
  );
});
