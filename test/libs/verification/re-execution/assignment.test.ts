import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createAgentActivities } from '../../../../activities/agents/index.js';
import { createIntakeActivities } from '../../../../activities/intake/index.js';
import { createRegistryActivities } from '../../../../activities/registry/index.js';
import { openStore } from '../../../../libs/artifacts/open-store.js';
import { type Assignment, assignmentSchema } from '../../../../libs/contracts/phase.js';
import { roster } from '../../../../libs/roster/roster.js';
import type { Judged } from '../../../../libs/verification/judged.js';
import { assignAgain } from '../../../../libs/verification/re-execution/assignment.js';
import type { CleanRoom } from '../../../../libs/verification/re-execution/clean-room.js';
import { acceptedByA, cleanRoom, failuresAgain } from '../../../support/clean-room.js';
import { inActivity } from '../../../support/in-activity.js';
import { trustIn } from '../../../support/signers.js';
import { temporaryFolder } from '../../../support/temporary-folder.js';
import { buildPrograms, root } from '../../agents/support/built-programs.js';
import { host } from '../../sandbox/sandbox-fixture.js';

let programs: Awaited<ReturnType<typeof buildPrograms>>;

beforeAll(async () => {
  programs = await buildPrograms();
});
afterAll(() => programs.remove());

interface Assigned {
  readonly assignment: Assignment;
  readonly room: CleanRoom;
  readonly judged: (assignment: unknown) => Promise<Judged>;
}

/** What the activities of ingest and assign stage for a folder whose tests need nothing installed. */
async function assigned(template: string): Promise<Assigned> {
  const folder = await temporaryFolder();
  const subject = join(folder, 'sample');
  await mkdir(subject);
  await writeFile(join(subject, 'package.json'), '{"name":"sample","scripts":{"test":"node t.js"}}');
  await writeFile(join(subject, 't.js'), '');
  const store = openStore(join(folder, 'artifacts'));
  const room = await cleanRoom(folder, {
    sandboxHost: host,
    toolsFolder: join(root, 'node_modules'),
    programsFolder: programs.folder,
  });
  const intake = createIntakeActivities({
    store,
    scratch: room.scratch,
    roots: [folder],
    deliveryRoots: [],
  });
  const registry = createRegistryActivities({ store, scratch: room.scratch, roster });
  const agents = createAgentActivities({ ...room, store });
  const request = await store.putJson({ template, input: { subject } });
  const run = { run: 'r', tenant: 'local', request, waiverWindowMs: 0 };
  const { parsed, checks, source } = await intake.parseRequest(run);
  const { captured } = await inActivity(() => intake.captureSubject({ run: 'r', parsed, source }));
  const { outcome: accepted } = await intake.acceptRequest({ parsed, checks, captured });
  const { assigned: chosen } = await registry.assignAgents({ accepted });
  const { dependencies } = await inActivity(() => registry.fetchDependencies({ run: 'r', accepted }));
  const { probes } = await inActivity(() => agents.probeAgents({ run: 'r', assigned: chosen }));
  const { outcome } = await registry.planWork({ accepted, assigned: chosen, dependencies, probes });
  return {
    room,
    assignment: await store.getJson(outcome.digest, assignmentSchema),
    judged: async (assignment) => ({
      run: 'r',
      phase: 'assign',
      round: 1,
      pass: 'B',
      input: { accepted },
      output: await store.putJson(assignment),
      store,
      trust: async () => trustIn(),
      verified: new Set(),
    }),
  };
}

/** What pass B finds of a changed output, and whether pass A alone accepts it. */
async function found(
  change: (assignment: Assignment) => unknown,
  more: Partial<CleanRoom> = {},
  template = 'repository-review',
) {
  const { assignment, judged, room } = await assigned(template);
  const forged = await judged(change(structuredClone(assignment)));
  const byB = await failuresAgain(assignAgain, forged, { ...room, ...more });
  expect(await readdir(room.scratch)).toEqual([]);
  return { byA: await acceptedByA(forged), byB };
}

test('an assignment that follows from health and rules is accepted', async () => {
  expect(await found((assignment) => assignment)).toEqual({ byA: true, byB: {} });
});

test('a better agent that was passed over is found, which pass A accepts', async () => {
  const { byA, byB } = await found((assignment) => {
    const item = assignment.items.find(({ agents }) => agents.length > 1);
    const agents = item?.agents.toReversed() ?? [];
    return {
      ...assignment,
      items: assignment.items.map((one) => (one.item === item?.item ? { ...one, agents } : one)),
      graph: {
        ...assignment.graph,
        items: assignment.graph.items.map((one) => (one.id === item?.item ? { ...one, agents } : one)),
      },
    };
  });
  expect(byA).toBe(true);
  expect(byB['same-outcome']).toContain('/agents/0/');
});

test('another test command than the subject has is found, which pass A accepts', async () => {
  const { byA, byB } = await found((assignment) => ({
    ...assignment,
    test: { command: 'true', tools: {} },
  }));
  expect(byA).toBe(true);
  expect(byB['same-outcome']).toContain('/test/command: "true", then "node t.js"');
});

test('a budget that does not follow from the profiles is found, which pass A accepts', async () => {
  const { byA, byB } = await found((assignment) => ({
    ...assignment,
    budgets: { ...assignment.budgets, memoryBytes: 1 },
  }));
  expect(byA).toBe(true);
  expect(byB['same-outcome']).toContain('/budgets/memoryBytes: 1, then');
});

test('installed packages that are left out are found, which pass A accepts', async () => {
  const { byA, byB } = await found((assignment) => ({ ...assignment, dependencies: null }));
  expect(byA).toBe(true);
  expect(byB['planned-again']).toContain('Nothing is installed to run the tests with.');
});

test('a package that is said to be installed, and is not, is found by pass A', async () => {
  const { byA } = await found((assignment) => ({
    ...assignment,
    dependencies: assignment.dependencies && {
      ...assignment.dependencies,
      packages: [{ name: 'left-pad', version: '1.0.0', license: 'MIT' }],
    },
  }));
  expect(byA).toBe(false);
});

test('a health that is not told of every agent is found', async () => {
  const { byB } = await found((assignment) => {
    const { probe: _, ...health } = assignment.health;
    return { ...assignment, health };
  });
  expect(byB['planned-again']).toContain('The health is not stated of each agent');
});

/** What both passes find of a changed assignment whose template has budgets. */
const budgeted = (change: (assignment: Assignment) => unknown) => found(change, {}, 'structured-change');

test('an assignment with granted profiles is accepted, and planned again with the capacity that it states', async () => {
  const seen: Pick<Assignment, 'capacity' | 'profiles'>[] = [];
  const untouched = await budgeted((assignment) => {
    seen.push(assignment);
    return assignment;
  });
  expect(untouched).toEqual({ byA: true, byB: {} });
  expect(seen[0]).toMatchObject({
    capacity: { cores: expect.any(Number), memoryBytes: expect.any(Number) },
    profiles: { tests: { cpuPercent: 20 }, core: { cpuPercent: 60 } },
  });
});

test('a share that was not scaled down is found, which pass A accepts', async () => {
  const { byA, byB } = await budgeted((assignment) => ({
    ...assignment,
    profiles: {
      ...assignment.profiles,
      tests: { ...assignment.profiles?.tests, cpuPercent: 30, scaled: null },
    },
  }));
  expect(byA).toBe(true);
  expect(byB['same-outcome']).toContain('/profiles/tests/cpuPercent: 30, then 20');
});

const dishonest: [string, (assignment: Assignment) => unknown][] = [
  ['no profiles', ({ profiles: _, ...assignment }) => assignment],
  ['no capacity', ({ capacity: _, ...assignment }) => assignment],
  [
    'more than the budget',
    (assignment) => ({
      ...assignment,
      profiles: { ...assignment.profiles, code: { cpuPercent: 25, memoryBytes: 2 ** 40, scaled: null } },
    }),
  ],
  [
    'a profile for what has no budget',
    (assignment) => ({
      ...assignment,
      profiles: { ...assignment.profiles, checkpoint: { cpuPercent: 1, scaled: null } },
    }),
  ],
];

test.each(dishonest)('pass A finds %s', async (_, change) => {
  expect((await budgeted(change)).byA).toBe(false);
});

test('a probe that is not so is found', async () => {
  const { byB } = await found((assignment) => ({
    ...assignment,
    probes: assignment.probes.filter(({ driver }) => driver !== 'command'),
  }));
  expect(byB['probed-again']).toContain('The driver command was stated otherwise than it is: it starts.');
});

test('without a sandbox it is an error of the verifier, not a verdict', async () => {
  await expect(
    found((assignment) => assignment, { sandboxHost: { bubblewrap: undefined } }),
  ).rejects.toMatchObject({ code: 'SandboxUnavailable' });
});
