import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRegistryActivities } from '../../../activities/registry/index.js';
import type { ArtifactStore } from '../../../libs/artifacts/artifact-store.js';
import { openStore } from '../../../libs/artifacts/open-store.js';
import { snapshot } from '../../../libs/artifacts/snapshot/snapshot.js';
import type { RegistryActivities } from '../../../libs/contracts/activities.js';
import { agentManifestSchema, type SandboxInForce } from '../../../libs/contracts/agent.js';
import type { ArtifactRef } from '../../../libs/contracts/artifact.js';
import {
  type AcceptedRequest,
  acceptedRequestSchema,
  assignedAgentsSchema,
  assignmentSchema,
  type Probes,
} from '../../../libs/contracts/phase.js';
import { healthWindow, writeHealth } from '../../../libs/evidence/agent-health.js';
import { classify } from '../../../libs/intake/classify.js';
import { parseRequest } from '../../../libs/intake/parse-request.js';
import { roster } from '../../../libs/roster/roster.js';
import { findTemplate } from '../../../libs/templates/load.js';

let folder: string;
let store: ArtifactStore;
let registry: RegistryActivities;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heptad-registry-'));
  store = openStore(join(folder, 'store'));
  registry = createRegistryActivities({ store, scratch: join(folder, 'scratch'), roster });
});

/** An activity's environment that logs no failure: failures are what these tests are about. */
const quiet = () => new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') });

type Fetched = Awaited<ReturnType<RegistryActivities['fetchDependencies']>>;

afterEach(() => rm(folder, { recursive: true, force: true }));

async function accept(
  files: Record<string, string>,
  input: Record<string, unknown> = {},
): Promise<ArtifactRef> {
  const workspace = await mkdtemp(join(folder, 'subject-'));
  for (const [name, content] of Object.entries(files)) await writeFile(join(workspace, name), content);
  const request = parseRequest({ template: 'repository-review', input: { subject: workspace, ...input } });
  const captured = { subject: request.subject, title: 'sample', snapshot: await snapshot(store, workspace) };
  const { template } = findTemplate('repository-review');
  await store.putJson(template);
  const accepted: AcceptedRequest = {
    kind: 'accepted',
    request,
    captured,
    classification: classify(request, captured, template),
    checks: [],
  };
  return store.putJson(accepted);
}

const sample = { 'package.json': '{"name":"sample","scripts":{"test":"node --test"}}', 'index.js': '' };

const sandbox: SandboxInForce = {
  kind: 'process',
  isolation: 'bubblewrap',
  user: 'nobody',
  memory: 'cgroup',
  processes: 'cgroup',
  disk: 'watch',
  network: 'none',
};

const fetching = (accepted: ArtifactRef) =>
  quiet().run<[], Fetched, () => Promise<Fetched>>(() => registry.fetchDependencies({ run: 'r', accepted }));

async function plan(accepted: ArtifactRef, probes: Probes) {
  const { assigned } = await registry.assignAgents({ accepted });
  const { dependencies } = await fetching(accepted);
  return registry.planWork({ accepted, assigned, dependencies, probes: await store.putJson(probes) });
}

/** A subject without tests, under a template that has none run. */
async function withoutTests(): Promise<{ accepted: ArtifactRef; probes: ArtifactRef }> {
  const accepted = await store.getJson((await accept({ 'index.js': '' })).digest, acceptedRequestSchema);
  const { template } = findTemplate('repository-review');
  const { digest } = await store.putJson({ ...template, tests: false });
  const request = { ...accepted.request, template: { ...accepted.request.template, digest } };
  return {
    accepted: await store.putJson({ ...accepted, request }),
    probes: await store.putJson([{ driver: 'builtin', ok: true, sandbox, says: 'It started.' }]),
  };
}

describe('assigning agents', () => {
  const assigned = async () => {
    const { assigned: ref } = await registry.assignAgents({ accepted: await accept(sample) });
    return (await store.getJson(ref.digest, assignedAgentsSchema)).items;
  };

  it('names for each item an agent and its backups by the digest of their manifests, and says why', async () => {
    const items = await assigned();
    expect(items.map(({ item, agents }) => `${item}: ${agents.map(({ id }) => id).join(', ')}`)).toEqual([
      'architecture: architecture, architecture.imports',
      'code: code, code.oxlint',
      'infrastructure: infrastructure, infrastructure.plain',
      'improve-a: improver.biome, improver.biome.careful',
      'improve-b: improver.oxlint, improver.oxlint.careful',
      'improve-c: improver.eslint, improver.eslint.careful',
      'validate-a: validator, validator.plain',
      'validate-b: validator, validator.plain',
      'validate-c: validator, validator.plain',
    ]);
    for (const { agents, why } of items) {
      expect(why).toMatch(/^healthy, specialist, load \d+ %; 2 of 2 with .* are eligible$/);
      for (const { id, manifest } of agents)
        expect(await store.getJson(manifest, agentManifestSchema)).toEqual(
          roster.find((one) => one.id === id),
        );
    }
  });

  it('prefers the backup of an agent whose runs went badly, and leaves out one that fails', async () => {
    await writeHealth(store, { agent: 'code', run: 'before' }, { executions: 10, failures: 3 });
    await writeHealth(store, { agent: 'validator', run: 'before' }, { executions: 10, failures: 9 });
    const items = await assigned();
    const of = (id: string) => items.find(({ item }) => item === id)?.agents.map(({ id: agent }) => agent);
    expect(of('code')).toEqual(['code.oxlint', 'code']);
    expect(of('validate-b')).toEqual(['validator.plain']);
  });

  it('gives an agent that fails another chance after an hour', async () => {
    const before = new Date(Date.now() - healthWindow - 1);
    for (const agent of ['validator', 'validator.plain'])
      await writeHealth(store, { agent, run: 'before' }, { executions: 10, failures: 10 }, before);
    const items = await assigned();
    const validating = items.find(({ item }) => item === 'validate-b')?.agents.map(({ id }) => id);
    expect(validating).toEqual(['validator', 'validator.plain']);
  });

  it('ends with NoAgent where everyone with a capability fails', async () => {
    for (const agent of ['validator', 'validator.plain'])
      await writeHealth(store, { agent, run: 'before' }, { executions: 10, failures: 10 });
    await expect(assigned()).rejects.toMatchObject({
      code: 'NoAgent',
      message: expect.stringContaining('validator.plain fails too often'),
    });
  });
});

describe('planning the work', () => {
  it('compiles the graph, reserves budgets, and keeps to its contract', async () => {
    const accepted = await accept(sample);
    const probes = [{ driver: 'builtin', ok: true, sandbox, says: 'It started.' }];
    const { outcome, summary, facts } = await plan(accepted, probes);
    const assignment = await store.getJson(outcome.digest, assignmentSchema);
    expect(assignment.graph).toEqual(facts.graph);
    expect(assignment.test).toEqual({ command: 'node --test', tools: {} });
    expect(assignment.dependencies?.packages).toEqual([]);
    expect(assignment.probes).toEqual(probes);
    // Nothing of this template has a budget.
    expect(assignment).not.toHaveProperty('profiles');
    expect(assignment).not.toHaveProperty('capacity');
    // Three at once, and the three largest profiles are those that run tests.
    const largest = roster.find(({ id }) => id === 'validator')?.profile;
    expect(assignment.budgets).toEqual({
      memoryBytes: 3 * (largest?.memoryBytes ?? 0),
      processes: 3 * (largest?.processes ?? 0),
    });
    expect(facts.graph?.items.find(({ id }) => id === 'improve-b')?.agents.map(({ id }) => id)).toEqual([
      'improver.oxlint',
      'improver.oxlint.careful',
    ]);
    expect(summary).toBe('9 items for 7 agents with 9 backups; 0 packages; 3 at once');
    expect(await readdir(join(folder, 'scratch'))).toEqual([]);
  });

  it('needs nothing fetched where the template has no tests run, and refuses what does not fit it', async () => {
    const { accepted: untested, probes } = await withoutTests();
    const { assigned, needs } = await registry.assignAgents({ accepted: untested });
    expect(needs).toEqual({ tests: false });
    const { outcome, summary } = await registry.planWork({
      accepted: untested,
      assigned,
      dependencies: null,
      probes,
    });
    expect(await store.getJson(outcome.digest, assignmentSchema)).toMatchObject({
      test: null,
      dependencies: null,
    });
    expect(summary).toContain('; no tests; ');
    const tested = await accept(sample);
    expect((await registry.assignAgents({ accepted: tested })).needs).toEqual({ tests: true });
    const { dependencies } = await fetching(tested);
    await expect(
      registry.planWork({ accepted: tested, assigned, dependencies: null, probes }),
    ).rejects.toMatchObject({ code: 'InputInvalid' });
    await expect(
      registry.planWork({ accepted: untested, assigned, dependencies, probes }),
    ).rejects.toMatchObject({ code: 'InputInvalid' });
  });

  it.each([
    ['SandboxUnavailable', [{ driver: 'builtin', ok: false, sandbox: null, says: 'bubblewrap is missing.' }]],
    ['NoAgent', [{ driver: 'builtin', ok: false, sandbox, says: 'It ended with exit code 1.' }]],
    ['NoAgent', []],
  ] as [string, Probes][])(
    'ends with %s where no driver starts, and says what is missing',
    async (code, probes) => {
      const accepted = await accept(sample);
      await expect(plan(accepted, probes)).rejects.toMatchObject({
        code,
        message: expect.stringContaining(probes[0]?.says ?? 'not probed'),
      });
    },
  );
});

describe('fetching dependencies', () => {
  it('takes the tests that the request names before those of package.json', async () => {
    const accepted = await accept(sample, { test: { command: 'node other.js' } });
    const { dependencies } = await fetching(accepted);
    expect(JSON.parse(String(await store.get(dependencies.digest)))).toMatchObject({
      test: { command: 'node other.js' },
    });
  });

  it('ends with NoTests where nothing says how to test', async () => {
    await expect(fetching(await accept({ 'index.js': '' }))).rejects.toMatchObject({ code: 'NoTests' });
  });

  it('ends with SubjectInvalid where package.json is not JSON', async () => {
    await expect(fetching(await accept({ 'package.json': '{' }))).rejects.toMatchObject({
      code: 'SubjectInvalid',
    });
  });
});
