import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { attack } from '../../../../libs/verification/attack/attack.js';
import { CheckList } from '../../../../libs/verification/check-list.js';
import type { Judge } from '../../../../libs/verification/judged.js';
import { selfCheck } from '../../../../libs/verification/self-check/self-check.js';
import { judgedPhase } from '../../../support/judged-phase.js';
import { type SmallRun, smallRun } from '../../../support/small-run.js';

async function attacked(
  small: SmallRun,
  judge?: Judge,
  output: unknown = small.execution,
): Promise<CheckList> {
  const checks = new CheckList();
  const scratch = join(small.folder, 'scratch');
  await attack(await judgedPhase(small, 'execute', output), checks, { scratch, ...(judge ? { judge } : {}) });
  return checks;
}

async function stored({ store }: SmallRun): Promise<string[]> {
  const digests: string[] = [];
  for await (const { digest } of store.list()) digests.push(digest);
  return digests.sort();
}

const failed = (checks: CheckList): string[] =>
  checks.checks.filter(({ ok }) => !ok).map(({ check }) => check);

test('every forgery is rejected, each is one check, and they are counted', async () => {
  const small = await smallRun();
  const { checks } = await attacked(small);
  expect(checks.filter(({ ok }) => !ok)).toEqual([]);
  const attacks = checks.filter(({ check }) => check.startsWith('attack:'));
  expect(attacks.length).toBeGreaterThan(90);
  expect(attacks.every(({ says }) => says.startsWith('Rejected as '))).toBe(true);
  expect(checks.at(-1)?.says).toBe(`${attacks.length} attacks were tried, ${attacks.length} were rejected.`);
});

test('it leaves nothing behind and does not write to the store that it attacks', async () => {
  const small = await smallRun();
  const judged = await judgedPhase(small, 'execute', small.execution);
  const before = await stored(small);
  await attack(judged, new CheckList(), { scratch: join(small.folder, 'scratch') });
  expect(await readdir(join(small.folder, 'scratch'))).toEqual([]);
  expect(await stored(small)).toEqual(before);
});

test('a check that was weakened is found', async () => {
  const weakened: Judge = async (judged, checks) => {
    const honest = new CheckList();
    await selfCheck(judged, honest);
    for (const { check, ok, says } of honest.checks)
      checks.add(check, ok || check === 'each-item-once', says);
  };
  const found = failed(await attacked(await smallRun(), weakened));
  expect(found).toContain('attack:no-results');
  expect(found).toContain('attack:result-also-unfinished');
  expect(found).toContain('attacks-rejected');
});

test('a check that accepts everything is found by every forgery', async () => {
  const blind: Judge = async (_, checks) => checks.add('looked', true, 'Looks fine.');
  const { checks } = await attacked(await smallRun(), blind);
  const forgeries = checks.filter(({ check }) => /^attack:(?!flipped|cut|removed|verdict)/.test(check));
  expect(forgeries.length).toBeGreaterThan(50);
  expect(forgeries.filter(({ ok }) => ok)).toEqual([]);
});

test('an output that is rejected as it is shows nothing, so it does not pass', async () => {
  const small = await smallRun();
  const checks = await attacked(small, selfCheck, { ...small.execution, results: [] });
  expect(checks.passed).toBe(false);
  expect(failed(checks)).toEqual(['control']);
});
