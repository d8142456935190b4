import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { z } from 'zod';
import { runAgent } from '../../../libs/agents/run-agent.js';
import type { ArtifactStore } from '../../../libs/artifacts/artifact-store.js';
import { openStore } from '../../../libs/artifacts/open-store.js';
import { difference } from '../../../libs/artifacts/snapshot/difference.js';
import { readSnapshot } from '../../../libs/artifacts/snapshot/read-snapshot.js';
import { snapshot } from '../../../libs/artifacts/snapshot/snapshot.js';
import type { AgentResult, Grant } from '../../../libs/contracts/agent.js';
import {
  complexityReportSchema,
  deploymentReportSchema,
  documentationReportSchema,
  endToEndReportSchema,
  performanceReportSchema,
} from '../../../libs/contracts/reports/assurance.js';
import { candidateReportSchema, validationReportSchema } from '../../../libs/contracts/reports/candidate.js';
import { layers } from '../../../libs/contracts/request.js';
import type { SnapshotRef } from '../../../libs/contracts/subject.js';
import { assignedAgents } from '../../../libs/registry/assigned-agents.js';
import { grantedProfiles } from '../../../libs/registry/granted-profiles.js';
import { roster } from '../../../libs/roster/roster.js';
import { findTemplate } from '../../../libs/templates/load.js';
import { host } from '../sandbox/sandbox-fixture.js';
import { buildPrograms, root } from './support/built-programs.js';
import { tiny } from './support/places.js';

let programs: Awaited<ReturnType<typeof buildPrograms>>;
let folder: string;
let store: ArtifactStore;
let captured: SnapshotRef;
/** What each item handed back, by the name under which later ones get it. */
const results = new Map<string, AgentResult>();

beforeAll(async () => {
  programs = await buildPrograms();
  folder = mkdtempSync(join(tmpdir(), 'heptad-structured-'));
  store = openStore(join(folder, 'store'));
  captured = await snapshot(store, tiny);
  for (const id of ['architecture', 'code', 'infrastructure']) results.set(id, await run(id));
  let workspace = captured;
  for (const scope of ['core', 'integration', 'support']) {
    const result = await run(`improver.${scope}`, workspace);
    results.set(scope, result);
    workspace = result.workspace ?? workspace;
  }
}, 120_000);
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await programs.remove();
});

/** By agent: what the template grants the item that it is chosen or a backup for. */
const grants = grantsByAgent();

function grantsByAgent(): ReadonlyMap<string, Grant> {
  const { template } = findTemplate('structured-change');
  const { assigned, manifests } = assignedAgents({ template, layers, roster, health: {} });
  const granted = grantedProfiles({
    template,
    items: assigned.items,
    manifests: new Map([...manifests.values()].map((manifest) => [manifest.id, manifest])),
    capacity: { cores: 1, memoryBytes: 8 * 1024 ** 3 },
  });
  return new Map(
    assigned.items.toReversed().flatMap(({ item, agents }) => {
      const { scaled: _, ...grant } = granted?.[item] ?? { scaled: null };
      return agents.map(({ id }): [string, Grant] => [id, grant]);
    }),
  );
}

function run(id: string, workspace: SnapshotRef = captured): Promise<AgentResult> {
  const manifest = roster.find((one) => one.id === id);
  if (manifest === undefined) throw new Error(`The roster has no ${id}.`);
  const known = ['architecture', 'code', 'infrastructure'];
  const budget = grants.get(id) ?? {};
  return runAgent({
    store,
    sandboxHost: host,
    scratch: folder,
    cache: join(folder, 'cache'),
    toolsFolder: join(root, 'node_modules'),
    programsFolder: programs.folder,
    manifest,
    run: {
      run: 'r',
      item: id,
      agent: captured.digest,
      agentId: id,
      workspace,
      parameters: { test: { command: 'node --test' }, secretsKey: '0123456789abcdef' },
      inputs: Object.fromEntries(
        [...results].filter(([name]) => known.includes(name)).map(([name, { outcome }]) => [name, outcome]),
      ),
      budget,
    },
    before: captured,
  });
}

const resultOf = (id: string): AgentResult => {
  const result = results.get(id);
  if (result === undefined) throw new Error(`${id} has no result.`);
  return result;
};
const finished = (): SnapshotRef => resultOf('support').workspace ?? captured;

test('each of them works within what the template grants it', () => {
  const agents = ['architecture', 'code', 'infrastructure', 'improver.core', 'validator.plain'];
  expect(agents.map((id) => grants.get(id)?.cpuPercent)).toEqual([25, 25, 25, 60, 20]);
  expect(grants.get('assurance.documentation')?.memoryBytes).toBe(256 * 1024 * 1024);
});

test('each implementation changes its part of what the one before handed back, and says which files', async () => {
  let before = captured;
  const changed: string[][] = [];
  for (const scope of ['core', 'integration', 'support']) {
    const { outcome, workspace } = resultOf(scope);
    const report = await store.getJson(outcome.digest, candidateReportSchema);
    const after = workspace ?? before;
    const found = difference(await readSnapshot(store, before), await readSnapshot(store, after));
    expect({ ...found }).toMatchObject({ added: [], removed: [], changed: report.changed });
    changed.push(report.changed);
    before = after;
  }
  expect(changed).toEqual([['index.js'], [], ['lib/counter.js', 'lib/numbers.js', 'lib/text.js']]);
});

test('what the three made together breaks no test', async () => {
  const { outcome } = await run('validator.plain', finished());
  const report = await store.getJson(outcome.digest, validationReportSchema);
  expect(report).toMatchObject({ broken: [], missing: [], change: { files: 4 } });
});

const assurances: [string, z.ZodType, object][] = [
  ['assurance.complexity', complexityReportSchema, { complex: false }],
  [
    'assurance.performance.once',
    performanceReportSchema,
    { measured: true, degradations: 0, security: { highRisk: 0 }, rollback: { tested: true } },
  ],
  ['assurance.documentation', documentationReportSchema, { incomplete: 2, introduced: 0 }],
  ['assurance.end-to-end', endToEndReportSchema, { passed: true, broken: 0 }],
  ['assurance.deployment', deploymentReportSchema, { readiness: 'conditional', introduced: 0 }],
];

test.each(assurances)(
  '%s says the same of it at every execution',
  async (id, schema, expected) => {
    const [first, second] = [await run(id, finished()), await run(id, finished())];
    expect(second.outcome).toEqual(first.outcome);
    expect(await store.getJson(first.outcome.digest, schema)).toMatchObject(expected);
  },
  60_000,
);

const others: [string, z.ZodType, object][] = [
  ['assurance.complexity.size', complexityReportSchema, { measures: [{ value: 5 }, {}] }],
  ['assurance.performance', performanceReportSchema, { measured: true, degradations: 0 }],
  ['assurance.documentation.readme', documentationReportSchema, { incomplete: 2 }],
  ['assurance.end-to-end.main', endToEndReportSchema, { passed: true, entries: [{ loads: true }] }],
  ['assurance.deployment.plain', deploymentReportSchema, { readiness: 'conditional' }],
];

test.each(others)(
  '%s says it in the same form',
  async (id, schema, expected) => {
    const { outcome } = await run(id, finished());
    expect(await store.getJson(outcome.digest, schema)).toMatchObject(expected);
  },
  60_000,
);

test('the snapshot that deployment names is the captured subject', async () => {
  const { outcome } = await run('assurance.deployment', finished());
  const { rollback } = await store.getJson(outcome.digest, deploymentReportSchema);
  expect(rollback).toEqual({ snapshot: captured.digest, files: captured.files, bytes: captured.bytes });
});
