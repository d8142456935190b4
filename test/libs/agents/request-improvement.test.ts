import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { deliverSchema, developSchema } from '../../../libs/agents/builtin/request/outcomes.js';
import { runAgent } from '../../../libs/agents/run-agent.js';
import type { ArtifactStore } from '../../../libs/artifacts/artifact-store.js';
import { openStore } from '../../../libs/artifacts/open-store.js';
import { materialise } from '../../../libs/artifacts/snapshot/materialise.js';
import type { AgentResult } from '../../../libs/contracts/agent.js';
import type { SnapshotRef } from '../../../libs/contracts/subject.js';
import { requestImprovers } from '../../../libs/roster/request-improvers.js';
import { captureSubject } from '../../../libs/subjects/capture-subject.js';
import { parseSubject } from '../../../libs/subjects/parse-subject.js';
import { host } from '../sandbox/sandbox-fixture.js';
import { buildPrograms, root } from './support/built-programs.js';

let programs: Awaited<ReturnType<typeof buildPrograms>>;
let folder: string;
let store: ArtifactStore;

beforeAll(async () => {
  programs = await buildPrograms();
  folder = mkdtempSync(join(tmpdir(), 'heptad-request-'));
  store = openStore(join(folder, 'store'));
}, 60_000);
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await programs.remove();
});

const capture = async (text: string): Promise<SnapshotRef> =>
  (await captureSubject({ subject: parseSubject(text), roots: [], store, scratch: folder })).snapshot;

async function step(
  name: string,
  workspace: SnapshotRef,
  before: Readonly<Record<string, AgentResult>> = {},
): Promise<AgentResult> {
  const manifest = requestImprovers.find(({ id }) => id === `request.${name}`);
  if (!manifest) throw new Error(`The roster has no request.${name}.`);
  return await runAgent({
    store,
    sandboxHost: host,
    scratch: mkdtempSync(join(folder, 'scratch-')),
    cache: join(folder, 'cache'),
    toolsFolder: join(root, 'node_modules'),
    programsFolder: programs.folder,
    manifest,
    run: {
      run: 'r',
      item: name,
      agent: workspace.digest,
      agentId: manifest.id,
      workspace,
      parameters: {},
      inputs: Object.fromEntries(Object.entries(before).map(([id, { outcome }]) => [id, outcome])),
    },
  });
}

test('the four steps run in the sandbox, and the last hands back the specification as request.md', async () => {
  const subject = await capture(
    'text:Make our README say how to install the package, with npm etc.\nIt must not be longer than 60 lines.\n\nA new user on Linux can follow it.',
  );
  const deconstruct = await step('deconstruct', subject);
  const diagnose = await step('diagnose', subject);
  const develop = await step('develop', subject, { deconstruct, diagnose });
  const deliver = await step('deliver', subject, { deconstruct, diagnose, develop });
  expect([deconstruct, diagnose, develop].map(({ workspace }) => workspace)).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  expect(await store.getJson(deliver.outcome.digest, deliverSchema)).toMatchObject({
    changed: true,
    accepted: true,
    openQuestions: 1,
  });
  const workspace = join(folder, 'delivered');
  if (!deliver.workspace) throw new Error('No workspace was handed back.');
  await materialise(store, deliver.workspace, workspace);
  const { text } = await store.getJson(develop.outcome.digest, developSchema);
  expect(readdirSync(workspace)).toEqual(['request.md']);
  expect(readFileSync(join(workspace, 'request.md'), 'utf8')).toBe(text);
  expect(text).toContain('- What else belongs to the list that ends with "etc."? *(line 1)*');

  const again = await step('deliver', subject, { deconstruct, diagnose, develop });
  expect(again.outcome).toEqual(deliver.outcome);
  expect(again.workspace).toEqual(deliver.workspace);
}, 120_000);

test('a step without the outcomes that it works on fails and says which is missing', async () => {
  const subject = await capture('text:Say how.');
  await expect(step('develop', subject)).rejects.toMatchObject({
    code: 'InputInvalid',
    message: expect.stringContaining('The outcome of deconstruct is missing'),
  });
}, 60_000);
