import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { createAgentActivities } from '../../../activities/agents/index.js';
import { createIntakeActivities } from '../../../activities/intake/index.js';
import { createRegistryActivities } from '../../../activities/registry/index.js';
import { agentRunOf, inputsOfItem } from '../../../libs/agents/agent-run-of.js';
import { runAgent } from '../../../libs/agents/run-agent.js';
import { openStore } from '../../../libs/artifacts/open-store.js';
import { materialise } from '../../../libs/artifacts/snapshot/materialise.js';
import type { ItemResult } from '../../../libs/contracts/graph.js';
import { type Assignment, assignmentSchema } from '../../../libs/contracts/phase.js';
import { roster } from '../../../libs/roster/roster.js';
import { handedOn } from '../../../libs/synthesis/handed-on.js';
import { schemaProblems } from '../../../libs/templates/json-schema.js';
import { assignAgain } from '../../../libs/verification/re-execution/assignment.js';
import { acceptedByA, cleanRoom, failuresAgain } from '../../support/clean-room.js';
import { inActivity } from '../../support/in-activity.js';
import { trustIn } from '../../support/signers.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { host } from '../sandbox/sandbox-fixture.js';
import { buildPrograms, root } from './support/built-programs.js';

let programs: Awaited<ReturnType<typeof buildPrograms>>;

beforeAll(async () => {
  programs = await buildPrograms();
});
afterAll(() => programs.remove());

const sop = `# Release

How the page is made.

1. Write the page.
   - command: \`echo one > page.txt\`
   - done: \`test -s page.txt\`
2. Read it aloud.
   - done: Somebody has heard it.
3. Sign the page.
   - command: \`node -e "fs.appendFileSync('page.txt', 'signed')"\`
   - after: 1
   - done: \`grep -q signed page.txt\`
   - owner: ada
`;
const todo = `# Soon

- [ ] Think about it
- [x] Begin (command: \`false\`)
- [ ] Count the lines (command: \`wc -l < page.txt > lines.txt\`) (blocked by: #2) (priority: high)
`;

/** What the activities of ingest and assign stage for a folder with control files. */
async function planned(files: Readonly<Record<string, string>>, template = 'procedure') {
  const folder = await temporaryFolder();
  const subject = join(folder, 'sample');
  await mkdir(subject);
  for (const [name, text] of Object.entries(files)) await writeFile(join(subject, name), text);
  const store = openStore(join(folder, 'artifacts'));
  const room = await cleanRoom(folder, {
    sandboxHost: host,
    toolsFolder: join(root, 'node_modules'),
    programsFolder: programs.folder,
  });
  const intake = createIntakeActivities({ store, scratch: room.scratch, roots: [folder], deliveryRoots: [] });
  const registry = createRegistryActivities({ store, scratch: room.scratch, roster });
  const agents = createAgentActivities({ ...room, store });
  const request = await store.putJson({ template, input: { subject } });
  const run = { run: 'r', tenant: 'local', request, waiverWindowMs: 0 };
  const { parsed, checks, source } = await intake.parseRequest(run);
  const { captured } = await inActivity(() => intake.captureSubject({ run: 'r', parsed, source }));
  const { outcome: accepted } = await intake.acceptRequest({ parsed, checks, captured });
  const { assigned, needs } = await registry.assignAgents({ accepted });
  const fetched = needs.tests
    ? await inActivity(() => registry.fetchDependencies({ run: 'r', accepted }))
    : { dependencies: null };
  const { probes } = await inActivity(() => agents.probeAgents({ run: 'r', assigned }));
  const { outcome } = await registry.planWork({ accepted, assigned, ...fetched, probes });
  const assignment = await store.getJson(outcome.digest, assignmentSchema);
  const judged = async (changed: Assignment) => ({
    ...{ run: 'r', phase: 'assign' as const, round: 1, pass: 'B' as const, input: { accepted }, store },
    output: await store.putJson(changed),
    trust: async () => trustIn(),
    verified: new Set<never>(),
  });
  return { folder, store, room, accepted, outcome, assignment, judged };
}

/** Executes the items of a plan in their order, each by its first agent, in the sandbox. */
async function carriedOut({
  store,
  room,
  accepted,
  outcome,
  assignment,
}: Awaited<ReturnType<typeof planned>>) {
  const results: ItemResult[] = [];
  const outcomes: Record<string, unknown> = {};
  const execution = { graph: assignment.graph, results, unfinished: [] };
  for (const item of assignment.graph.items) {
    const [agent] = item.agents;
    if (!agent) throw new Error(`${item.id} has no agent.`);
    const { manifest, run, before, expected, done } = await agentRunOf({
      ...{ store, run: 'r', item, agent, accepted, assignment: outcome },
      ...inputsOfItem(item, execution),
    });
    const result = await runAgent({ ...room, store, manifest, run, before, expects: expected.name });
    const said = await store.getJson(result.outcome.digest, z.record(z.string(), z.unknown()));
    outcomes[item.id] = said;
    expect(expected.schema && schemaProblems(expected.schema, said)).toEqual([]);
    expect(done.expression).toBeDefined();
    results.push({
      ...{ item: item.id, agent, outcome: result.outcome, measurements: result.measurements },
      ...{ workspace: result.workspace ?? null, summary: '', accepted: true },
    });
  }
  return { outcomes, execution };
}

const titles = ({ graph }: Assignment): string[] =>
  graph.items.map(
    ({ id, after, workspace }) => `${id} after ${after.join(', ') || 'nothing'} on ${workspace}`,
  );

const fates = ({ controlFiles = [] }: Assignment): string[] =>
  controlFiles.flatMap(({ file, items }) =>
    items.map(
      ({ number, fate, items: made, reason }) => `${file} ${number} ${fate} ${made.join()}${reason ?? ''}`,
    ),
  );

test('steps and open items are planned one behind the other, done in the sandbox, and checked in the end', async () => {
  const plan = await planned({ '.sop': sop, '.todo': todo });
  expect(titles(plan.assignment)).toEqual([
    'read-control-files after nothing on null',
    'step-1 after nothing on null',
    'step-2 after step-1 on step-1',
    'step-3 after step-2 on step-2',
    'check-1 after step-1, step-2, step-3 on step-3',
  ]);
  expect(plan.assignment.graph.items[3]).toMatchObject({
    title: 'Item 3 of .todo: Count the lines',
    rules: { priority: 'high', discovered: { by: '.control-files', depth: 1 } },
  });
  const nobody = 'Nobody consumes discoveries of implementation, or no condition of those who do holds.';
  expect(fates(plan.assignment)).toEqual([
    '.sop 1 admitted step-1',
    `.sop 2 follow-up ${nobody}`,
    '.sop 3 admitted step-2',
    `.todo 1 follow-up ${nobody}`,
    '.todo 3 admitted step-3',
  ]);
  expect(plan.assignment.controlFiles?.map(({ problems }) => problems)).toEqual([
    [{ line: 14, column: 4, says: '"owner" is no key of a step, which are done, command, after, priority.' }],
    [],
  ]);

  const { outcomes, execution } = await carriedOut(plan);
  expect(outcomes).toMatchObject({
    'read-control-files': { read: 2, open: 5, withCommand: 3, problems: 1 },
    'step-2': { line: 10, exitCode: 0, check: 'grep -q signed page.txt' },
    'check-1': { passed: true, unchecked: 1, steps: [{ checked: 0 }, { checked: 0 }, { checked: null }] },
  });
  const [end, ...others] = handedOn(execution);
  expect(others).toEqual([]);
  if (!end) throw new Error('Nothing was handed on.');
  await materialise(plan.store, end.workspace, join(plan.folder, 'end'));
  expect(await readFile(join(plan.folder, 'end/page.txt'), 'utf8')).toBe('one\nsigned');
  expect((await readFile(join(plan.folder, 'end/lines.txt'), 'utf8')).trim()).toBe('1');
});

test('passes A and B accept the plan, and B finds a step that was left out', async () => {
  const { assignment, judged, room } = await planned({ '.sop': sop, '.todo': todo });
  const genuine = await judged(assignment);
  expect(await failuresAgain(assignAgain, genuine, room)).toEqual({});
  expect(await acceptedByA(genuine)).toBe(true);
  const { graph } = assignment;
  const items = graph.items.filter(({ id }) => !['step-3', 'check-1'].includes(id));
  const without = await judged({ ...assignment, graph: { ...graph, items } });
  expect(await failuresAgain(assignAgain, without, room)).toHaveProperty('same-outcome');
});

test('a step whose command or check fails has failed, with what it wrote', async () => {
  const failing = (lines: string) => `# A\n\nFor this.\n\n1. Do it.\n${lines}`;
  await expect(
    planned({ '.sop': failing('   - command: `echo oops; exit 3`\n') }).then(carriedOut),
  ).rejects.toMatchObject({ code: 'AgentFailed', message: expect.stringMatching(/ended with 3.*oops/s) });
  await expect(
    planned({ '.sop': failing('   - command: `true`\n   - done: `test -e nothing`\n') }).then(carriedOut),
  ).rejects.toMatchObject({ code: 'AgentFailed', message: expect.stringContaining('test -e nothing') });
});

test('what a later step undoes is found in the end', async () => {
  const { outcomes } = await carriedOut(
    await planned({
      '.sop':
        '# A\n\nFor this.\n\n1. Make it.\n   - command: touch a\n   - done: `test -e a`\n2. Undo it.\n   - command: rm a\n',
    }),
  );
  expect(outcomes['check-1']).toMatchObject({
    passed: false,
    issues: ['.sop:5: in the end this does not hold: test -e a'],
  });
});

test('a template that follows no procedure names what it leaves, with the reason', async () => {
  const { assignment } = await planned(
    { '.todo': todo, 'package.json': '{"name":"a","scripts":{"test":"node t.js"}}', 't.js': '' },
    'self-improving-change',
  );
  expect(assignment.graph.items.map(({ id }) => id)).toEqual(['baseline', 'analysis']);
  expect(fates(assignment).map((one) => one.split(' ').slice(0, 3).join(' '))).toEqual([
    '.todo 1 follow-up',
    '.todo 3 follow-up',
  ]);
});

test('a subject without control files is planned as ever', async () => {
  const { assignment } = await planned({ 'README.md': 'A text.\n' });
  expect(assignment).not.toHaveProperty('controlFiles');
  expect(assignment.graph.items.map(({ id }) => id)).toEqual(['read-control-files']);
});
