import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { compareOutcomes } from '../../../libs/agents/compare.js';
import { runAgent } from '../../../libs/agents/run-agent.js';
import type { ArtifactStore } from '../../../libs/artifacts/artifact-store.js';
import { openStore } from '../../../libs/artifacts/open-store.js';
import { materialise } from '../../../libs/artifacts/snapshot/materialise.js';
import { mergeSnapshots } from '../../../libs/artifacts/snapshot/merge-snapshots.js';
import { snapshot } from '../../../libs/artifacts/snapshot/snapshot.js';
import type { AgentResult } from '../../../libs/contracts/agent.js';
import type { ArtifactRef } from '../../../libs/contracts/artifact.js';
import type { Discovery } from '../../../libs/contracts/discovery.js';
import {
  changeAnalysisSchema,
  changeSchema,
  changeValidationSchema,
} from '../../../libs/contracts/reports/change.js';
import { infrastructureReportSchema } from '../../../libs/contracts/reports/infrastructure.js';
import type { SnapshotRef } from '../../../libs/contracts/subject.js';
import { roster } from '../../../libs/roster/roster.js';
import { bodyOf, expectedReport } from '../../../libs/templates/expected-report.js';
import { schemaProblems } from '../../../libs/templates/json-schema.js';
import { findTemplate } from '../../../libs/templates/load.js';
import { host } from '../sandbox/sandbox-fixture.js';
import { buildPrograms, root } from './support/built-programs.js';
import { stockroom, suite } from './support/stockroom.js';

let programs: Awaited<ReturnType<typeof buildPrograms>>;
let folder: string;
let store: ArtifactStore;
let subject: SnapshotRef;

beforeAll(async () => {
  programs = await buildPrograms();
  folder = mkdtempSync(join(tmpdir(), 'heptad-cascade-'));
  store = openStore(join(folder, 'store'));
  subject = await snapshot(store, stockroom);
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await programs.remove();
});

const { template } = findTemplate('self-improving-change');

/** Does an item, or a consumer's, of the template in a sandbox, and checks its outcome by the template's schema. */
async function does(
  id: string,
  workspace: SnapshotRef,
  parameters: Record<string, unknown> = {},
  inputs: Record<string, ArtifactRef> = {},
): Promise<AgentResult> {
  const body = bodyOf(template, id);
  const capability = body.work.kind === 'agent' ? body.work.capability : undefined;
  const manifest = roster.find(({ capabilities }) => capabilities.includes(capability ?? ''));
  if (manifest === undefined) throw new Error(`No agent can do ${id}.`);
  const { name, schema } = expectedReport(template, body);
  if (name === 'synthesis' || name === 'checkpoint' || name === 'segment')
    throw new Error(`${id} is no agent's.`);
  const result = await runAgent({
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
      agent: subject.digest,
      agentId: manifest.id,
      workspace,
      parameters: { ...body.parameters, ...parameters, test: suite, secretsKey: '0123456789abcdef' },
      inputs,
    },
    ...(workspace === subject ? {} : { before: subject }),
    expects: name,
  });
  const outcome = await store.getJson(result.outcome.digest, z.unknown());
  if (schema !== null) expect(schemaProblems(schema, outcome)).toEqual([]);
  return result;
}

const workspaceOf = ({ workspace }: AgentResult): SnapshotRef => {
  if (workspace === undefined) throw new Error('It handed back no workspace.');
  return workspace;
};
const routeOf = ({ kind, category }: Discovery): string | undefined =>
  category ?? template.routes.find(({ when }) => when.includes(`'${kind}'`))?.category;

test('one analysis, three implementations, a validation that finds what to cache, and again until nothing is left', async () => {
  const infrastructure = await does('baseline', subject);
  const { baseline } = await store.getJson(infrastructure.outcome.digest, infrastructureReportSchema);

  const analysis = await does('analysis', subject);
  const { discoveries } = await store.getJson(analysis.outcome.digest, changeAnalysisSchema);
  expect(discoveries.map(routeOf)).toEqual(['implementation', 'implementation', 'implementation']);

  const changes = [];
  for (const { parameters } of discoveries) changes.push(await does('implement', subject, parameters));
  expect(new Set(changes.map((change) => workspaceOf(change).digest)).size).toBe(3);
  const merged = await mergeSnapshots(store, subject, changes.map(workspaceOf));
  if (!('snapshot' in merged)) throw new Error('The changes of the pieces do not go together.');

  const inputs = Object.fromEntries(changes.map(({ outcome }, at) => [`implement-${at + 1}`, outcome]));
  const first = await does('validate', merged.snapshot, { baseline }, inputs);
  const validation = await store.getJson(first.outcome.digest, changeValidationSchema);
  expect(validation).toMatchObject({ passed: true, tests: { passed: 9 } });
  expect(validation.metadata.findingsAfter).toBeLessThan(validation.metadata.findingsBefore);
  const [optimisation, ...others] = validation.discoveries;
  expect(others).toEqual([]);
  expect(optimisation && routeOf(optimisation)).toBe('analysis');

  const second = await does('analyse', merged.snapshot, optimisation?.parameters);
  const judged = await store.getJson(second.outcome.digest, changeAnalysisSchema);
  expect(judged.approved).toBe(true);
  expect(judged.sites.some(({ safe }) => !safe)).toBe(true);
  expect(judged.discoveries.map(routeOf)).toEqual(['implementation']);

  const cached = await does('implement', merged.snapshot, judged.discoveries[0]?.parameters);
  const change = await store.getJson(cached.outcome.digest, changeSchema);
  expect(change.metadata).toMatchObject({ before: 5, after: 0, passed: 9, broken: 0 });

  const last = await does('validate', workspaceOf(cached), { baseline }, { 'implement-4': cached.outcome });
  expect(await store.getJson(last.outcome.digest, changeValidationSchema)).toMatchObject({
    passed: true,
    optimisationsDiscovered: [],
    discoveries: [],
  });

  const target = join(folder, 'final');
  await materialise(store, workspaceOf(cached), target);
  const parse = readFileSync(join(target, 'lib/parse.js'), 'utf8');
  expect(parse).not.toContain('var ');
  expect(parse).toContain('linesLength = lines.length');
  expect(parse).toContain('const lineTrim = line.trim();');

  // What B does: each once more, compared as its manifest says.
  const again = await does('implement', merged.snapshot, judged.discoveries[0]?.parameters);
  expect(again.outcome).toEqual(cached.outcome);
  expect(workspaceOf(again)).toEqual(workspaceOf(cached));
  expect((await does('analysis', subject)).outcome).toEqual(analysis.outcome);
  const validatedAgain = await does('validate', merged.snapshot, { baseline }, inputs);
  const outcomes = [first, validatedAgain].map(({ outcome }) => store.getJson(outcome.digest, z.unknown()));
  const [one, other] = await Promise.all(outcomes);
  expect(compareOutcomes('same-test-verdicts', one, other)).toEqual({ equal: true, differences: [] });
}, 180_000);
