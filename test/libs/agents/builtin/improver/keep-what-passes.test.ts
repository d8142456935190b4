import { expect, test } from 'vitest';
import { keepWhatPasses } from '../../../../../libs/agents/builtin/improver/keep-what-passes.js';
import type { TestRun } from '../../../../../libs/contracts/reports/tests.js';

const runOf = (passing: boolean): TestRun => ({
  command: 'test',
  runner: 'node',
  tests: [{ name: 'it works', verdict: passing ? 'pass' : 'fail' }],
  passed: passing ? 1 : 0,
  failed: passing ? 0 : 1,
  skipped: 0,
  exitCode: passing ? 0 : 1,
});

/** A suite that fails while any of these sets of files is changed as a whole. */
async function keep(files: string[], breaking: string[][], most = Number.POSITIVE_INFINITY) {
  const changed = new Set<string>();
  let runs = 0;
  const result = await keepWhatPasses(files, {
    apply: (group) => group.forEach((file) => void changed.add(file)),
    revert: (group) => group.forEach((file) => void changed.delete(file)),
    run: async () => {
      if (runs === most) return null;
      runs += 1;
      return runOf(!breaking.some((set) => set.every((file) => changed.has(file))));
    },
    baseline: runOf(true),
  });
  return { ...result, changed: [...changed].sort(), runs };
}

const many = Array.from({ length: 64 }, (_, index) => `f${String(index).padStart(2, '0')}`);

test('where all changes pass together one run is enough', async () => {
  expect(await keep(many, [])).toMatchObject({ kept: many, left: [], runs: 1 });
});

test('a file that breaks the tests is left, in far fewer runs than there are files', async () => {
  const { kept, left, changed, runs } = await keep(many, [['f17']]);
  expect(left.map(({ file }) => file)).toEqual(['f17']);
  expect(kept).toEqual(many.filter((file) => file !== 'f17'));
  expect(changed).toEqual(kept);
  expect(runs).toBeLessThan(16);
});

test('of two files that break the tests only together one is kept', async () => {
  const { kept, left } = await keep(many, [['f03', 'f60']]);
  expect(left.map(({ file }) => file)).toEqual(['f60']);
  expect(kept).toContain('f03');
});

test('the reason names the tests', async () => {
  const { left } = await keep(['a'], [['a']]);
  expect(left).toEqual([{ file: 'a', reason: 'Tests fail with the change: "it works".' }]);
});

test('what there is no time to test is left', async () => {
  const { kept, left, changed } = await keep(['a', 'b'], [['a']], 1);
  expect(kept).toEqual([]);
  expect(changed).toEqual([]);
  expect(left.map(({ reason }) => reason)).toEqual(
    Array(2).fill('There was no time left to test the change.'),
  );
});
