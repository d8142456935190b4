import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { analyseArchitecture } from '../../../../../libs/agents/builtin/architecture/analyse-architecture.js';
import { improve } from '../../../../../libs/agents/builtin/improver/improve.js';
import { listFiles } from '../../../../../libs/agents/builtin/subject/list-files.js';
import type { Places } from '../../../../../libs/agents/builtin/subject/places.js';
import { runSuite } from '../../../../../libs/agents/builtin/suite/run-suite.js';
import { candidateReportSchema } from '../../../../../libs/contracts/reports/candidate.js';
import { placesFor, taskWith, tiny } from '../../support/places.js';

async function improved(places: Places, parameters: Record<string, unknown>) {
  const { outcome } = await improve(places, taskWith(parameters));
  return candidateReportSchema.parse(outcome);
}

const changedFiles = ({ before, workspace }: Places): string[] =>
  listFiles(workspace).filter(
    (file) => readFileSync(join(before, file), 'utf8') !== readFileSync(join(workspace, file), 'utf8'),
  );

const suite = { command: 'node --test' };
const passes = async (places: Places): Promise<boolean> => {
  const { run } = await runSuite(places, { ...suite, wallMs: 30_000, coverage: false });
  return run.passed === 12;
};

describe.each(['biome', 'oxlint', 'eslint'])('the strategy %s', (strategy) => {
  test('changes files of the library, all that it says and no other', async () => {
    const places = placesFor(tiny);
    const { changed, tools } = await improved(places, { strategy });
    expect(changed.length).toBeGreaterThan(0);
    expect(changedFiles(places)).toEqual(changed);
    expect(changed.every((file) => !file.startsWith('test/'))).toBe(true);
    expect(tools).toEqual([{ name: strategy, version: expect.stringMatching(/^\d+\.\d+\.\d+$/) }]);
  });

  test('changes less when it is careful', async () => {
    const [all, careful] = [placesFor(tiny), placesFor(tiny)];
    await improved(all, { strategy });
    await improved(careful, { strategy, careful: true });
    const text = (places: Places): string[] =>
      listFiles(places.workspace).map((file) => readFileSync(join(places.workspace, file), 'utf8'));
    expect(text(careful)).not.toEqual(text(all));
  });

  test('does the same a second time', async () => {
    const [first, second] = [placesFor(tiny), placesFor(tiny)];
    expect(await improved(first, { strategy })).toEqual(await improved(second, { strategy }));
    for (const file of listFiles(first.workspace)) {
      expect(readFileSync(join(first.workspace, file))).toEqual(readFileSync(join(second.workspace, file)));
    }
  });
});

test('a fix that a linter calls safe breaks the tests; narrowed, that file alone is left as it was', async () => {
  const broken = placesFor(tiny);
  await improved(broken, { strategy: 'biome' });
  expect(await passes(broken)).toBe(false);

  const narrowed = placesFor(tiny);
  const { changed, left } = await improved(narrowed, { strategy: 'biome', narrow: true, test: suite });
  expect(left).toEqual([{ file: 'lib/stack.js', reason: expect.stringContaining('Tests') }]);
  expect(changed.length).toBeGreaterThan(1);
  expect(changedFiles(narrowed)).toEqual(changed);
  expect(await passes(narrowed)).toBe(true);
});

test('narrowing without a test command is refused', async () => {
  await expect(improved(placesFor(tiny), { strategy: 'biome', narrow: true })).rejects.toMatchObject({
    code: 'InputInvalid',
  });
});

test('an unknown strategy is refused', async () => {
  await expect(improved(placesFor(tiny), { strategy: 'magic' })).rejects.toMatchObject({
    code: 'InputInvalid',
  });
});

describe('a scope', () => {
  async function analysed(): Promise<Places> {
    const places = placesFor(tiny);
    const { outcome } = await analyseArchitecture(places, taskWith());
    writeFileSync(join(places.inputs, 'architecture.json'), JSON.stringify(outcome));
    return places;
  }

  test('is all that is changed, and the scopes together change all that the strategy does', async () => {
    const all = await improved(placesFor(tiny), { strategy: 'eslint' });
    const places = await analysed();
    const parts: string[][] = [];
    for (const scope of ['core', 'integration', 'support'])
      parts.push((await improved(places, { strategy: 'eslint', scope })).changed);
    expect(parts).toEqual([['index.js'], [], all.changed.filter((file) => file !== 'index.js')]);
    expect(changedFiles(places)).toEqual(all.changed);
  });

  test('is narrowed against the workspace that the one before handed back', async () => {
    const places = await analysed();
    await improved(places, { strategy: 'eslint', scope: 'core' });
    const { changed, left } = await improved(places, {
      strategy: 'biome',
      scope: 'support',
      narrow: true,
      test: suite,
    });
    expect(left.map(({ file }) => file)).toEqual(['lib/stack.js']);
    expect(changed).not.toContain('index.js');
    expect(await passes(places)).toBe(true);
  });

  test('cannot be known without the report on the architecture', async () => {
    await expect(improved(placesFor(tiny), { strategy: 'eslint', scope: 'core' })).rejects.toMatchObject({
      code: 'InputInvalid',
    });
  });
});
