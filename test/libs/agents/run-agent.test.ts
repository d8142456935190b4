import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type AgentExecution, runAgent } from '../../../libs/agents/run-agent.js';
import { drivers, startDriver } from '../../../libs/agents/start-driver.js';
import type { ArtifactStore } from '../../../libs/artifacts/artifact-store.js';
import { openStore } from '../../../libs/artifacts/open-store.js';
import { materialise } from '../../../libs/artifacts/snapshot/materialise.js';
import { snapshot } from '../../../libs/artifacts/snapshot/snapshot.js';
import type { AgentManifest, Grant } from '../../../libs/contracts/agent.js';
import { candidateReportSchema, validationReportSchema } from '../../../libs/contracts/reports/candidate.js';
import { infrastructureReportSchema } from '../../../libs/contracts/reports/infrastructure.js';
import type { SnapshotRef } from '../../../libs/contracts/subject.js';
import { probing } from '../../../libs/roster/profiles.js';
import { probe, roster } from '../../../libs/roster/roster.js';
import { host } from '../sandbox/sandbox-fixture.js';
import { buildPrograms, root } from './support/built-programs.js';
import { tiny } from './support/places.js';

let programs: Awaited<ReturnType<typeof buildPrograms>>;
let folder: string;
let scratch: string;
let store: ArtifactStore;
let subject: SnapshotRef;

beforeAll(async () => {
  programs = await buildPrograms();
  folder = mkdtempSync(join(tmpdir(), 'heptad-run-agent-'));
  store = openStore(join(folder, 'store'));
  subject = await snapshot(store, tiny);
});
beforeEach(() => {
  scratch = mkdtempSync(join(folder, 'scratch-'));
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await programs.remove();
});

const agent = (id: string): AgentManifest => {
  const found = roster.find((manifest) => manifest.id === id);
  if (found === undefined) throw new Error(`The roster has no ${id}.`);
  return found;
};

/** An agent that is a shell script. */
const script = (line: string, more: Partial<AgentManifest> = {}): AgentManifest => ({
  ...probe,
  id: 'script',
  driver: { kind: 'command', command: ['/bin/sh', '-c', line] },
  profile: { ...probing, wallMs: 10_000 },
  ...more,
});
const answer = (outcome: object): string => `echo '${JSON.stringify({ status: 'done', outcome })}'`;

function run(
  manifest: AgentManifest,
  parameters: Record<string, unknown> = {},
  more: Partial<AgentExecution> = {},
  inputs: AgentExecution['run']['inputs'] = {},
) {
  return runAgent({ ...execution(manifest, parameters, inputs), ...more });
}

const execution = (
  manifest: AgentManifest,
  parameters: Record<string, unknown> = {},
  inputs: AgentExecution['run']['inputs'] = {},
): AgentExecution => ({
  store,
  sandboxHost: host,
  scratch,
  cache: join(scratch, 'cache'),
  toolsFolder: join(root, 'node_modules'),
  programsFolder: programs.folder,
  manifest,
  run: {
    run: 'r',
    item: 'item',
    agent: subject.digest,
    agentId: manifest.id,
    workspace: subject,
    parameters,
    inputs,
  },
});

const filesOf = async (workspace: SnapshotRef): Promise<string[]> => {
  const target = join(mkdtempSync(join(folder, 'workspace-')), 'files');
  await materialise(store, workspace, target);
  return readdirSync(target).sort();
};

test('the probe sees a sandbox: no privilege, no capability, no network, nothing to write to but its own', async () => {
  const { outcome, sandbox } = await run(probe);
  expect(await store.getJson(outcome.digest, z.unknown())).toEqual({
    kind: 'probe',
    node: process.version,
    privileged: false,
    capabilities: '0000000000000000',
    noNewPrivileges: true,
    network: 'none',
    workspaceWritable: false,
    scratchWritable: true,
  });
  expect(sandbox.isolation).toContain('bubblewrap');
  expect(readdirSync(scratch)).toEqual([]);
});

test('an execution says how far it has come', async () => {
  const said: unknown[] = [];
  const onAdvance = async (advance: unknown) => void said.push(advance);
  await run(script(answer({ kind: 'probe' })), {}, { onAdvance });
  expect(said).toEqual([
    { milestone: 'folders prepared', percent: 20 },
    { milestone: 'program ended', percent: 80 },
  ]);
});

test('a program is told its instructions before its parameters and inputs', async () => {
  const told = [
    'read -r task',
    `case "$task" in *'"instructions":"Be careful."'*'"parameters"'*'"inputs"'*) ${answer({ kind: 'probe' })};; *) exit 1;; esac`,
  ].join('; ');
  const manifest = script(told);
  const { outcome } = await run(
    manifest,
    {},
    {
      run: {
        ...{ run: 'r', item: 'item', agent: subject.digest, agentId: manifest.id, workspace: subject },
        ...{ instructions: 'Be careful.', parameters: { a: 1 }, inputs: {} },
      },
    },
  );
  expect(await store.getJson(outcome.digest, z.unknown())).toEqual({ kind: 'probe' });
});

test('what a program says of its work is told while it runs, and is no part of what it leaves', async () => {
  const said: unknown[] = [];
  const first = Promise.withResolvers<void>();
  const onPartial = (value: unknown): void => {
    said.push(value);
    first.resolve();
  };
  const waits = [
    'printf \'{"files":1}\\n\' >> /outputs/partial.jsonl',
    'sleep 1.2',
    'printf \'{"files":2}\\nno json\\n{"files":3\' >> /outputs/partial.jsonl',
    'sleep 1.2',
    answer({ kind: 'probe' }),
  ].join('; ');
  const { measurements } = await run(script(waits), {}, { onPartial });
  await first.promise;
  expect(said).toEqual([{ files: 1 }, { files: 2 }]);
  expect(await store.getJson(measurements.digest, z.unknown())).not.toHaveProperty('outputs');
});

test('what a program says right before it ends is told', async () => {
  const said: unknown[] = [];
  const onPartial = (value: unknown) => void said.push(value);
  const last = `printf '{"files":1}\\n' >> /outputs/partial.jsonl; ${answer({ kind: 'probe' })}`;
  await run(script(last), {}, { onPartial });
  expect(said).toEqual([{ files: 1 }]);
});

test('who links, floods or makes a pipe of its partial results tells nothing, and fails in nothing', async () => {
  for (const line of [
    'ln -s /etc/passwd /outputs/partial.jsonl',
    'mkfifo /outputs/partial.jsonl',
    'mkdir /outputs/partial.jsonl',
    "head -c 5000 /dev/zero | tr '\\0' 1 > /outputs/partial.jsonl; echo >> /outputs/partial.jsonl",
  ]) {
    const said: unknown[] = [];
    const onPartial = (value: unknown) => void said.push(value);
    await run(script(`${line}; sleep 0.8; ${answer({ kind: 'probe' })}`), {}, { onPartial });
    expect(said).toEqual([]);
  }
});

test.each(['architecture', 'architecture.imports', 'code', 'code.oxlint'])(
  'the agent %s gives its report, the same at every execution',
  async (id) => {
    const manifest = agent(id);
    const expects = id.startsWith('code') ? 'code' : 'architecture';
    const [first, second] = await Promise.all([
      run(manifest, {}, { expects }),
      run(manifest, {}, { expects }),
    ]);
    expect(first.outcome).toEqual(second.outcome);
    expect(first.workspace).toBeUndefined();
  },
);

test('a baseline, a candidate that breaks it, its repair, and their validation', async () => {
  const parameters = { test: { command: 'node --test' }, secretsKey: '0123456789abcdef' };
  const baseline = await run(agent('infrastructure'), parameters, { expects: 'infrastructure' });
  const report = await store.getJson(baseline.outcome.digest, infrastructureReportSchema);
  expect(report.baseline.passed).toBe(12);
  expect(report.coverage.functions).toBe(100);

  const said: unknown[] = [];
  const validate = async (workspace: SnapshotRef | undefined, id: string) => {
    const result = await runAgent({
      store,
      sandboxHost: host,
      scratch,
      cache: join(scratch, 'cache'),
      toolsFolder: join(root, 'node_modules'),
      programsFolder: programs.folder,
      manifest: agent(id),
      run: {
        run: 'r',
        item: 'validate',
        agent: subject.digest,
        agentId: id,
        workspace: workspace ?? subject,
        parameters,
        inputs: { infrastructure: baseline.outcome },
      },
      before: subject,
      expects: 'validation',
      onPartial: (value) => void said.push(value),
    });
    return store.getJson(result.outcome.digest, validationReportSchema);
  };
  const broken = await run(agent('improver.biome'), parameters, { expects: 'candidate' });
  expect((await validate(broken.workspace, 'validator.plain')).missing).toHaveLength(12);

  const repaired = await run(
    agent('improver.biome'),
    { ...parameters, narrow: true },
    { expects: 'candidate' },
  );
  const { left } = await store.getJson(repaired.outcome.digest, candidateReportSchema);
  expect(left.map(({ file }) => file)).toEqual(['lib/stack.js']);
  const validation = await validate(repaired.workspace, 'validator');
  expect(validation).toMatchObject({ broken: [], missing: [], tests: { passed: 12 } });
  expect(validation.change.files).toBeGreaterThan(0);
  expect(said.at(-1)).toMatchObject({ step: 'linters', tests: 12 });
}, 60_000);

test('measurements are kept apart from the outcome, with how the sandbox was used', async () => {
  const { measurements } = await run(agent('code'));
  expect(await store.getJson(measurements.digest, z.unknown())).toMatchObject({
    program: { stepsMs: { biome: expect.any(Number) } },
    usage: { wallMs: expect.any(Number) },
  });
});

describe('what an agent gets', () => {
  test('the task on standard input, with the limits in force, which it cannot be told otherwise', async () => {
    const echo = script('printf \'{"status":"done","outcome":{"task":%s}}\' "$(cat)"', {
      parameters: { own: 1 },
    });
    const { outcome } = await run(echo, { own: 2, asked: 3, limits: { wallMs: 5000 } });
    expect(await store.getJson(outcome.digest, z.unknown())).toEqual({
      task: {
        version: 1,
        item: 'item',
        parameters: { own: 1, asked: 3, limits: { wallMs: 5000 } },
        inputs: [],
      },
    });
  });

  test('inputs by name', async () => {
    const input = await store.putJson({ says: 'hello' });
    const cat = script('printf \'{"status":"done","outcome":%s}\' "$(cat /inputs/before.json)"');
    const { outcome } = await run(cat, {}, {}, { before: input });
    expect(outcome.digest).toBe(input.digest);
    await expect(run(cat, {}, {}, { '../before': input })).rejects.toMatchObject({ code: 'InputInvalid' });
  });
});

describe('what an agent hands back', () => {
  test('the changed workspace, where it writes', async () => {
    const line = `echo new > /subject/package/new.txt && ${answer({})}`;
    const { workspace } = await run(script(line, { writes: true }));
    expect(workspace && (await filesOf(workspace))).toContain('new.txt');
    await expect(run(script(line))).rejects.toMatchObject({ code: 'AgentFailed' });
  });

  test('a workspace with a link that leads out is refused', async () => {
    const line = `ln -s /etc/passwd /subject/package/link && ${answer({})}`;
    await expect(run(script(line, { writes: true }))).rejects.toMatchObject({
      code: 'AgentFailed',
      message: expect.stringContaining('link'),
    });
  });

  test('files in /outputs', async () => {
    const { measurements } = await run(script(`echo log > /outputs/log.txt && ${answer({})}`));
    expect(await store.getJson(measurements.digest, z.unknown())).toMatchObject({
      outputs: { files: 1, bytes: 4 },
    });
  });
});

describe('an agent that fails', () => {
  test('without an answer is AgentFailed, with what it wrote', async () => {
    await expect(run(script('echo oops >&2; exit 4'))).rejects.toMatchObject({
      code: 'AgentFailed',
      message: expect.stringMatching(/exit code 4.*oops/s),
    });
  });

  test('with an answer gives its code', async () => {
    const line = `echo '{"status":"failed","code":"NoTests","message":"none here"}'`;
    await expect(run(script(line))).rejects.toMatchObject({ code: 'NoTests' });
  });

  test('over a limit names the limit', async () => {
    await expect(run(script('sleep 600'), { limits: { wallMs: 300 } })).rejects.toMatchObject({
      code: 'SandboxLimit',
      message: expect.stringMatching(/"time".*300 ms/),
    });
  });

  test('whose tests run for ever says so itself, before the sandbox has to', async () => {
    const parameters = {
      test: { command: 'sleep 600' },
      secretsKey: '0123456789abcdef',
      limits: { wallMs: 6000 },
    };
    await expect(run(agent('infrastructure'), parameters)).rejects.toMatchObject({
      code: 'SandboxLimit',
      message: expect.stringContaining('sleep 600'),
    });
  });

  test('because it was cancelled ends with the reason', async () => {
    const abort = new AbortController();
    const reason = new Error('cancelled by a person');
    const running = run(script('sleep 600'), {}, { signal: abort.signal });
    abort.abort(reason);
    await expect(running).rejects.toBe(reason);
  });

  test('leaves nothing in the folder for scratch', async () => {
    await expect(run(script('exit 1'))).rejects.toThrow();
    expect(readdirSync(scratch)).toEqual([]);
  });
});

describe('an agent whose item has a budget', () => {
  const mebibyte = 1024 * 1024;
  // It holds 100 MB at once, which is within the profile of its manifest.
  const hog = `head -c 100000000 /dev/zero | tail -c 100000000 | wc -c >&2; ${answer({ ok: true })}`;
  const within = (budget: Grant, manifest = script(hog)) =>
    runAgent({ ...execution(manifest), run: { ...execution(manifest).run, budget } });

  test('is held to less memory than its manifest allows, and told how much that was', async () => {
    expect((await run(script(hog))).sandbox).not.toHaveProperty('cpu');
    await expect(within({ memoryBytes: 32 * mebibyte })).rejects.toMatchObject({
      code: 'SandboxLimit',
      message: expect.stringMatching(/"memory".*33554432 bytes/),
    });
  });

  test('gets no more than its manifest allows', async () => {
    const small = script(hog, { profile: { ...probing, memoryBytes: 48 * mebibyte } });
    await expect(within({ memoryBytes: 1024 * mebibyte }, small)).rejects.toMatchObject({
      code: 'SandboxLimit',
      message: expect.stringContaining(`${48 * mebibyte} bytes`),
    });
  });

  test('is held to its time, and to its share of the processors or to none, as the sandbox says', async () => {
    await expect(within({ wallMs: 300 }, script('sleep 600'))).rejects.toMatchObject({
      message: expect.stringMatching(/"time".*300 ms/),
    });
    const { sandbox } = await within({ cpuPercent: 50 });
    expect(sandbox).toMatchObject({
      cpu: expect.stringMatching(/^(cgroup v1|cgroup v2|systemd scope|not limited)$/),
    });
  });
});

test('a micro agent executes one input, in QuickJS', async () => {
  const line = 'ERROR disk: /dev/sda1 is 97 percent full';
  const { outcome, sandbox, workspace } = await run(agent('log-line'), { input: line });
  expect(await store.getJson(outcome.digest, z.unknown())).toEqual({
    level: 'error',
    source: 'disk',
    template: '<path> is <number> percent full',
    variables: 2,
  });
  expect(sandbox).toMatchObject({ kind: 'wasm', network: 'none' });
  expect(workspace).toBeUndefined();
});

test('a micro agent without an input, or that throws, has no result', async () => {
  await expect(run(agent('log-line'))).rejects.toMatchObject({ code: 'InputInvalid' });
  await expect(run(agent('log-line'), { input: 17 })).rejects.toMatchObject({ code: 'AgentFailed' });
  await expect(run(agent('log-line'), { input: 'a line' }, { expects: 'code' })).rejects.toMatchObject({
    code: 'AgentFailed',
  });
});

test('each driver starts in its sandbox', async () => {
  const start = {
    store,
    run: 'r',
    sandboxHost: host,
    scratch,
    cache: join(scratch, 'cache'),
    toolsFolder: join(root, 'node_modules'),
    programsFolder: programs.folder,
  };
  const kinds = await Promise.all(
    drivers.map(async (driver) => [driver, (await startDriver(driver, start)).kind]),
  );
  expect(kinds).toEqual([
    ['builtin', 'process'],
    ['command', 'process'],
    ['micro', 'wasm'],
  ]);
});
