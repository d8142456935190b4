import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { provideBubblewrap } from '../../../../apps/local/provision/provide-bubblewrap.js';
import { readConfig } from '../../../../libs/config/config.js';
import type { Execution } from '../../../../libs/contracts/phase.js';
import { CheckList } from '../../../../libs/verification/check-list.js';
import { reExecute } from '../../../../libs/verification/re-execution/re-execute.js';
import { judgedPhase } from '../../../support/judged-phase.js';
import { candidate, code } from '../../../support/small-reports.js';
import { type SmallRun, smallRun } from '../../../support/small-run.js';

let bubblewrap: string;

beforeAll(async () => {
  bubblewrap = await provideBubblewrap(readConfig());
});

async function again(small: SmallRun, execution: Execution = small.execution): Promise<CheckList> {
  const checks = new CheckList();
  const scratch = join(small.folder, 'scratch');
  await reExecute(await judgedPhase(small, 'execute', execution), checks, {
    sandboxHost: { bubblewrap },
    scratch,
    cache: join(small.folder, 'cache'),
    toolsFolder: join(small.folder, 'tools'),
    programsFolder: join(small.folder, 'programs'),
  });
  expect(await readdir(scratch)).toEqual([]);
  return checks;
}

const failed = ({ checks }: CheckList) =>
  Object.fromEntries(checks.filter(({ ok }) => !ok).map(({ check, says }) => [check, says]));

const answering = (outcome: unknown): string =>
  `cat <<'ANSWER'\n${JSON.stringify({ status: 'done', outcome, measurements: {} })}\nANSWER`;

test('an execution whose agents answer the same again is accepted, each item by itself', async () => {
  const small = await smallRun();
  const checks = await again(small);
  expect(failed(checks)).toEqual({});
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
  };
  const judged = await judgedPhase(small, 'execute', small.execution);
  await expect(reExecute(judged, new CheckList(), room)).rejects.toMatchObject({
    code: 'SandboxUnavailable',
  });
});
