import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readMicroProgram } from '../../../../libs/agents/micro-program.js';
import type { AgentManifest } from '../../../../libs/contracts/agent.js';
import { agentManifestSchema } from '../../../../libs/contracts/agent.js';
import { chunkResultsSchema, type InputResult } from '../../../../libs/contracts/reports/segment.js';
import { microAgents, microProbe } from '../../../../libs/roster/micro.js';
import { executeInputs } from '../../../../libs/segments/execute-inputs.js';

const programsFolder = join(import.meta.dirname, '../../../../libs/agents');

const manifestOf = (id: string): AgentManifest => {
  const found = microAgents.find((manifest) => manifest.id === id);
  if (!found) throw new Error(`There is no micro agent ${id}.`);
  return found;
};

async function resultsOf(id: string, inputs: readonly unknown[]): Promise<InputResult[]> {
  const program = await readMicroProgram(programsFolder, manifestOf(id));
  const { results } = await executeInputs(program, { inputs: JSON.stringify(inputs), first: 0, attempts: 1 });
  return chunkResultsSchema.parse(JSON.parse(results));
}

const outputsOf = async (id: string, inputs: readonly unknown[]): Promise<unknown[]> =>
  (await resultsOf(id, inputs)).map((result) =>
    result.status === 'completed' ? result.output : `${result.code}: ${result.message}`,
  );

test.each([...microAgents, microProbe].map((manifest) => [manifest.id, manifest] as const))(
  'the manifest of %s pins the program that is shipped',
  async (_, manifest) => {
    expect(agentManifestSchema.parse(manifest)).toEqual(manifest);
    await expect(readMicroProgram(programsFolder, manifest)).resolves.toMatchObject({ id: manifest.id });
  },
);

test('a program that is not the pinned one is not executed', async () => {
  const manifest = manifestOf('log-line');
  if (manifest.driver.kind !== 'micro') throw new Error('It is no micro agent.');
  const driver = { ...manifest.driver, source: '0'.repeat(64) };
  await expect(readMicroProgram(programsFolder, { ...manifest, driver })).rejects.toMatchObject({
    code: 'IntegrityMismatch',
  });
  await expect(
    readMicroProgram(programsFolder, { ...manifest, driver: { ...driver, program: 'nobody' } }),
  ).rejects.toMatchObject({ code: 'AgentUnknown' });
});

test('lines of a log that say the same have the same template, whatever the time and the values', async () => {
  const lines = [
    '2026-01-02T03:04:05.678Z ERROR http: GET "/users/17" from 10.0.0.7:4312 took 31.5 ms',
    '[2026-02-03 04:05:06,123] [error] http: GET "/users/99" from 10.9.8.7:1 took 7 ms',
    'Jan  2 03:04:05 error: http: GET "/" from 1.2.3.4:80 took 900 ms',
  ];
  const same = {
    level: 'error',
    source: 'http',
    template: 'GET <text> from <address> took <number> ms',
    variables: 3,
  };
  expect(await outputsOf('log-line', lines)).toEqual([same, same, same]);
});

test('a line of a log gives up what varies, and keeps what says something', async () => {
  expect(
    await outputsOf('log-line', [
      'WARN [db] pool[12]: connection 3f2504e0-4f89-11d3-9a0c-0305e82c3301 to postgres://db.example/x lost',
      '12:00:00 sshd[811]: Accepted publickey for root from 192.168.1.4 port 50022',
      'DEBUG wrote /var/lib/app/data.bin at 0x7ffde4',
      'no level here',
      '   ',
    ]),
  ).toEqual([
    {
      level: 'warn',
      source: null,
      template: '[db] pool[<number>]: connection <id> to <url> lost',
      variables: 3,
    },
    {
      level: 'unknown',
      source: 'sshd',
      template: 'Accepted publickey for root from <address> port <number>',
      variables: 2,
    },
    { level: 'debug', source: null, template: 'wrote <path> at <hex>', variables: 2 },
    { level: 'unknown', source: null, template: 'no level here', variables: 0 },
    { level: 'unknown', source: null, template: '', variables: 0 },
  ]);
  expect(await outputsOf('log-line', [17])).toEqual(['AgentFailed: It threw TypeError: a line is a string']);
});

test('a dependency is told by its kind', async () => {
  const specs: [string, object][] = [
    ['1.2.3', { kind: 'version', range: '1.2.3' }],
    ['=v1.2.3-beta.1', { kind: 'version', range: '1.2.3-beta.1' }],
    ['^1.2.0', { kind: 'range', range: '^1.2.0' }],
    ['>= 1.2.0  < 2', { kind: 'range', range: '>=1.2.0 <2' }],
    ['1.x || 2.x', { kind: 'range', range: '1.x || 2.x' }],
    ['', { kind: 'range', range: '*' }],
    ['latest', { kind: 'tag', range: 'latest' }],
    ['npm:@scope/other@^2.0.0', { name: '@scope/other', kind: 'range', range: '^2.0.0', alias: 'a' }],
    ['workspace:^', { kind: 'workspace', range: '^' }],
    ['file:../x', { kind: 'folder', range: '../x' }],
    ['owner/repository#v1', { kind: 'git', range: 'v1', from: 'github:owner/repository' }],
    ['gitlab:owner/repository', { kind: 'git', range: 'HEAD', from: 'gitlab:owner/repository' }],
    [
      'git+ssh://git@example.org/a.git#main',
      { kind: 'git', range: 'main', from: 'git+ssh://git@example.org/a.git' },
    ],
    ['https://example.org/a.tgz', { kind: 'archive', range: 'https://example.org/a.tgz' }],
  ];
  const found = await outputsOf(
    'dependency-spec',
    specs.map(([spec]) => ({ name: 'a', spec })),
  );
  expect(found).toEqual(specs.map(([, expected]) => ({ name: 'a', ...expected })));
  expect(await outputsOf('dependency-spec', [{ name: '../a', spec: '1.0.0' }])).toEqual([
    'AgentFailed: It threw TypeError: the name is that of no package',
  ]);
});
