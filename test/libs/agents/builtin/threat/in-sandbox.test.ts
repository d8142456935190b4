import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { runAgent } from '../../../../../libs/agents/run-agent.js';
import type { ArtifactStore } from '../../../../../libs/artifacts/artifact-store.js';
import { openStore } from '../../../../../libs/artifacts/open-store.js';
import { snapshot } from '../../../../../libs/artifacts/snapshot/snapshot.js';
import type { ArtifactRef } from '../../../../../libs/contracts/artifact.js';
import { riskAssessmentSchema, threatReportSchema } from '../../../../../libs/contracts/reports/threat.js';
import { threatAnalysts } from '../../../../../libs/roster/threat-analysts.js';
import { schemaProblems } from '../../../../../libs/templates/json-schema.js';
import { findTemplate } from '../../../../../libs/templates/load.js';
import { host } from '../../../sandbox/sandbox-fixture.js';
import { buildPrograms, root } from '../../support/built-programs.js';
import { hardenedShop, shop } from './subjects.js';

const { template } = findTemplate('threat-assessment');
let programs: Awaited<ReturnType<typeof buildPrograms>>;
let folder: string;
let store: ArtifactStore;

beforeAll(async () => {
  programs = await buildPrograms();
  folder = mkdtempSync(join(tmpdir(), 'heptad-threat-'));
  store = openStore(join(folder, 'store'));
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await programs.remove();
});

/** Executes an item of the template in its sandbox, by the first agent that can do it or by one that is named. */
async function execute(
  subject: Awaited<ReturnType<typeof snapshot>>,
  id: string,
  before: ReadonlyMap<string, ArtifactRef>,
  agent?: string,
): Promise<ArtifactRef> {
  const item = template.items.find((one) => one.id === id);
  if (item?.work.kind !== 'agent') throw new Error(`${id} is no item for an agent.`);
  const { capability = '' } = item.work;
  const manifest = threatAnalysts.find((one) =>
    agent === undefined ? one.capabilities.includes(capability) : one.id === agent,
  );
  if (manifest === undefined) throw new Error(`Nobody can do ${capability}.`);
  const { outcome } = await runAgent({
    store,
    sandboxHost: host,
    scratch: mkdtempSync(join(folder, 'scratch-')),
    cache: join(folder, 'cache'),
    toolsFolder: join(root, 'node_modules'),
    programsFolder: programs.folder,
    manifest,
    run: {
      run: 'r',
      item: id,
      agent: subject.digest,
      agentId: manifest.id,
      workspace: subject,
      parameters: item.parameters,
      inputs: Object.fromEntries([...before].filter(([name]) => item.depends_on.includes(name))),
    },
  });
  const { expects } = item;
  if (typeof expects !== 'object') throw new Error(`${id} has no schema.`);
  const value = await store.getJson(outcome.digest, z.unknown());
  expect(schemaProblems(expects, value)).toEqual([]);
  return outcome;
}

test.each([
  ['shop', shop, 'CRITICAL', 'high-risk-analysis'],
  ['hardened shop', hardenedShop, 'LOW', 'low-risk-summary'],
])(
  'the %s goes through all agents in their sandboxes, each keeping to its schema',
  async (_name, files, level, branch) => {
    const subject = await snapshot(store, files);
    const done = new Map<string, ArtifactRef>();
    const skipped = ['high-risk-analysis', 'low-risk-summary', 'standard-risk-review'].filter(
      (id) => id !== branch,
    );
    for (const { id } of template.items)
      if (!skipped.includes(id)) done.set(id, await execute(subject, id, done));
    const reported = await execute(subject, 'report', done);
    expect(done.get('report')?.digest).toBe(reported.digest);
    const report = await store.getJson(reported.digest, threatReportSchema);
    expect(report).toMatchObject({ risk_level: level, branch, consistent: true, problems: [] });
    for (const id of ['attack-path-analyzer', branch])
      expect((await execute(subject, id, done)).digest).toBe(done.get(id)?.digest);

    const review = await execute(subject, 'standard-risk-review', done);
    expect(await store.getJson(review.digest, z.unknown())).toMatchObject({ risk_level: level });
  },
  120_000,
);

test('the backups do the same work in a simpler way', async () => {
  const subject = await snapshot(store, shop);
  const done = new Map<string, ArtifactRef>();
  done.set(
    'attack-path-analyzer',
    await execute(subject, 'attack-path-analyzer', done, 'attack-path-analyzer.cheapest'),
  );
  const outcome = await execute(subject, 'risk-assessment', done, 'risk-assessment.worst');
  expect(await store.getJson(outcome.digest, riskAssessmentSchema)).toMatchObject({
    method: 'worst',
    risk_score: 80,
    confidence: 0,
  });
}, 60_000);

test('an assessment without its analyses fails with a code and a sentence', async () => {
  const subject = await snapshot(store, shop);
  await expect(execute(subject, 'risk-assessment', new Map())).rejects.toMatchObject({
    code: 'InputInvalid',
    message: expect.stringContaining('There is no analysis to assess the risk by.'),
  });
});
