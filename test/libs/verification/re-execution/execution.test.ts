import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { provideBubblewrap } from '../../../../apps/local/provision/provide-bubblewrap.js';
import { readConfig } from '../../../../libs/config/config.js';
import type { Execution } from '../../../../libs/contracts/phase.js';
import { CheckList } from '../../../../libs/verification/check-list.js';
import { executeAgain } from '../../../../libs/verification/re-execution/execution.js';
import { judgedPhase } from '../../../support/judged-phase.js';
import { candidate, code } from '../../../support/small-reports.js';
import { type SmallRun, smallRun } from '../../../support/small-run.js';

let bubblewrap: string;

beforeAll(async () => {
  bubblewrap = await provideBubblewrap(readConfig());
});

async function again(small: SmallRun, execution: Execution = small.execution): Promise<CheckList> {
  return (await settled(small, execution)).checks;
}

/** The same, with what the checks do not say. */
async function settled(small: SmallRun, execution: Execution = small.execution) {
  const checks = new CheckList();
  const scratch = join(small.folder, 'scratch');
  const percents: number[] = [];
  const { disagrees } = await executeAgain(await judgedPhase(small, 'execute', execution), checks, {
    sandboxHost: { bubblewrap },
    scratch,
    cache: join(small.folder, 'cache'),
    toolsFolder: join(small.folder, 'tools'),
    programsFolder: join(small.folder, 'programs'),
    roots: [],
    onItem: async (_, percent) => void percents.push(Math.round(percent)),
  });
  expect(await readdir(scratch)).toEqual([]);
  return { checks, disagrees, percents };
}

const failed = ({ checks }: CheckList) =>
  Object.fromEntries(checks.filter(({ ok }) => !ok).map(({ check, says }) => [check, says]));

const answering = (outcome: unknown): string =>
  `cat <<'ANSWER'\n${JSON.stringify({ status: 'done', outcome, measurements: {} })}\nANSWER`;

test('an execution whose agents answer the same again is accepted, each item by itself', async () => {
  const small = await smallRun();
  const { checks, percents } = await settled(small);
  expect(failed(checks)).toEqual({});
  expect(percents).toEqual([11, 22, 33, 44, 56, 67, 78, 89, 100]);
  for (const { id } of small.execution.graph.items)
    expect(checks.checks.map(({ check }) => check)).toContain(`again:${id}`);
  expect(checks.checks.at(-1)?.says).toBe('9 of 9 items with a result were executed again.');
});

/** Answers with a finding whose sentence is another one each time. */
const changing = `cat <<ANSWER
${JSON.stringify({ status: 'done', outcome: code, measurements: {} }).replace('"message":"var"', '"message":"$(cat /proc/sys/kernel/random/uuid)"')}
ANSWER`;

test('an agent that answers differently every time is found', async () => {
  const checks = await again(await smallRun({ commands: { code: changing } }));
  expect(Object.keys(failed(checks))).toEqual(['again:code']);
  expect(failed(checks)['again:code']).toContain('The outcome differs: /findings/0/message: "var", then');
});

test('an agent that declares how it may differ is held to that, and to no more', async () => {
  const checks = await again(
    await smallRun({ commands: { code: changing }, comparisons: { code: 'same-findings' } }),
  );
  expect(failed(checks)).toEqual({});
  const other = changing.replaceAll('"line":1', '"line":2');
  const moved = await again(
    await smallRun({ commands: { code: other }, comparisons: { code: 'same-findings' } }),
  );
  expect(Object.keys(failed(moved))).toEqual(['again:code']);
});

test('a difference of an agent that declares itself not reproducible is a disagreement, for a person', async () => {
  const moving = changing.replaceAll('"line":1', '"line":2');
  const comparisons = { code: 'same-findings' } as const;
  const small = await smallRun({ commands: { code: moving }, comparisons });
  const { checks, disagrees } = await settled(small);
  expect(checks.passed).toBe(false);
  expect(disagrees).toBe(true);
});

test('a difference of a reproducible agent is no disagreement, nor where both are', async () => {
  const one = await settled(await smallRun({ commands: { code: changing } }));
  expect(one).toMatchObject({ checks: { passed: false }, disagrees: false });
  const commands = {
    code: changing.replaceAll('"line":1', '"line":2'),
    architecture: 'exit 3',
  };
  const both = await settled(await smallRun({ commands, comparisons: { code: 'same-findings' } }));
  expect(both).toMatchObject({ checks: { passed: false }, disagrees: false });
});

test('a difference in what pass A rejects is no disagreement', async () => {
  const moving = changing.replaceAll('"line":1', '"line":2');
  const small = await smallRun({ commands: { code: moving }, comparisons: { code: 'same-findings' } });
  const results = small.execution.results.map((result) =>
    result.item === 'validate-b' ? { ...result, accepted: true } : result,
  );
  const { checks, disagrees } = await settled(small, { ...small.execution, results });
  expect(Object.keys(failed(checks))).toEqual(['again:code']);
  expect(disagrees).toBe(false);
});

test('an execution that agrees disagrees with nobody', async () => {
  expect((await settled(await smallRun())).disagrees).toBe(false);
});

test('an agent that hands back another workspace with the same report is found', async () => {
  const small = await smallRun({
    commands: {
      'improve-a': `echo '// more' >> /subject/package/index.js && ${answering(candidate('const'))}`,
    },
  });
  expect(failed(await again(small))['again:improve-a']).toContain('The workspace differs');
});

test('an agent that can no longer do it is found', async () => {
  const small = await smallRun({ commands: { architecture: 'echo "no more" >&2; exit 3' } });
  expect(failed(await again(small))['again:architecture']).toContain('ended with exit code 3');
});

test('a consolidation that was not made from its inputs is found', async () => {
  const small = await smallRun();
  const results = await Promise.all(
    small.execution.results.map(async (result) => {
      if (result.item !== 'consolidation') return result;
      const report = JSON.parse((await small.store.get(result.outcome.digest)).toString('utf8'));
      report.decisions.implementationStrategy = 'Something nicer.';
      return { ...result, outcome: await small.store.putJson(report) };
    }),
  );
  expect(failed(await again(small, { ...small.execution, results }))).toHaveProperty('again:consolidation');
});

test('without a sandbox it is an error of the verifier, not a verdict', async () => {
  const small = await smallRun();
  const room = {
    sandboxHost: { bubblewrap: undefined },
    scratch: join(small.folder, 'scratch'),
    cache: '/',
    toolsFolder: '/',
    programsFolder: '/',
    roots: [],
  };
  const judged = await judgedPhase(small, 'execute', small.execution);
  await expect(executeAgain(judged, new CheckList(), room)).rejects.toMatchObject({
    code: 'SandboxUnavailable',
  });
});
