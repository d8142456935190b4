import { expect, test } from 'vitest';
import { agentRunOf, inputsOfItem } from '../../../libs/agents/agent-run-of.js';
import type { AgentItem } from '../../../libs/contracts/activities.js';
import type { GraphItem } from '../../../libs/contracts/graph.js';
import type { GrantedProfile } from '../../../libs/contracts/phase.js';
import { type SmallRun, smallRun } from '../../support/small-run.js';

function itemOf({ execution }: SmallRun, id: string): GraphItem {
  const item = execution.graph.items.find((one) => one.id === id);
  if (!item) throw new Error(`There is no item ${id}.`);
  return item;
}

async function complete(small: SmallRun, item: GraphItem, how?: AgentItem['how']) {
  const [agent] = item.agents;
  if (!agent) throw new Error(`${item.id} has no agent.`);
  const { store, run, refs, execution } = small;
  const { accepted, assignment } = refs;
  return await agentRunOf({
    store,
    run,
    item,
    agent,
    accepted,
    assignment,
    ...inputsOfItem(item, execution),
    ...(how === undefined ? {} : { how }),
  });
}

/** The small run, with a profile granted to one item of its template. */
async function granting(body: string, profile: GrantedProfile): Promise<SmallRun> {
  const small = await smallRun();
  const capacity = { cores: 2, memoryBytes: 2 ** 32 };
  const assignment = await small.store.putJson({
    ...small.assignment,
    capacity,
    profiles: { [body]: profile },
  });
  return { ...small, refs: { ...small.refs, assignment } };
}

test('an analysis gets the captured subject, the test plan and nothing to compare with', async () => {
  const small = await smallRun();
  const { run, before, expected, manifest } = await complete(small, itemOf(small, 'code'));
  expect(run).toMatchObject({
    item: 'code',
    workspace: small.captured,
    parameters: { test: { command: 'node test.js' } },
    inputs: {},
  });
  expect(before).toBeUndefined();
  expect(expected).toEqual({ name: 'code', schema: null });
  expect(manifest.id).toBe('agent.code');
});

test('a validation gets the candidate, the subject before it, and the baseline by its name', async () => {
  const small = await smallRun();
  const { run, before } = await complete(small, itemOf(small, 'validate-a'));
  const candidate = small.execution.results.find(({ item }) => item === 'improve-a')?.workspace;
  expect(run.workspace).toEqual(candidate);
  expect(before).toEqual(small.captured);
  expect(Object.keys(run.inputs).sort()).toEqual(['improve-a', 'infrastructure']);
});

test('only a repair is told to be narrow', async () => {
  const small = await smallRun();
  const item = itemOf(small, 'improve-a');
  expect((await complete(small, item)).run.parameters).not.toHaveProperty('narrow');
  expect((await complete(small, { ...item, repairs: 'improve-a' })).run.parameters).toMatchObject({
    narrow: true,
  });
});

test('only an execution that follows a failure with everything kept is told to keep its log', async () => {
  const small = await smallRun();
  const item = itemOf(small, 'code');
  expect((await complete(small, item, 'log')).run.parameters).toMatchObject({ log: true });
  for (const how of ['plain', 'narrow'] as const)
    expect((await complete(small, item, how)).run.parameters).not.toHaveProperty('log');
});

test('made twice it is the same, and for another run it has another key for secrets', async () => {
  const small = await smallRun();
  const item = itemOf(small, 'infrastructure');
  const first = (await complete(small, item)).run;
  expect((await complete(small, item)).run).toEqual(first);
  const other = (await complete({ ...small, run: 'another' }, item)).run;
  expect(other.parameters.secretsKey).not.toBe(first.parameters.secretsKey);
  expect(first.parameters.secretsKey).toMatch(/^[0-9a-f]{64}$/);
});

test('the manifest of another agent is refused', async () => {
  const small = await smallRun();
  const item = itemOf(small, 'code');
  const manifest = itemOf(small, 'architecture').agents[0]?.manifest ?? small.captured.digest;
  await expect(complete(small, { ...item, agents: [{ id: 'agent.code', manifest }] })).rejects.toMatchObject({
    code: 'AgentUnknown',
  });
});

test('an item that the template does not have is refused', async () => {
  const small = await smallRun();
  await expect(complete(small, { ...itemOf(small, 'code'), body: 'nothing' })).rejects.toMatchObject({
    code: 'InputInvalid',
  });
});

test('what is granted for an item reaches its execution, and that of nothing else', async () => {
  const granted = { memoryBytes: 2 ** 28, wallMs: 5000, cpuPercent: 20, scaled: { cpu: 0.8, memory: 1 } };
  const small = await granting('improve', granted);
  const { budget } = (await complete(small, itemOf(small, 'improve-a'))).run;
  expect(budget).toEqual({ memoryBytes: 2 ** 28, wallMs: 5000, cpuPercent: 20 });
  expect((await complete(small, itemOf(small, 'code'))).run).not.toHaveProperty('budget');
});

test.each(['narrow', 'log'] as const)(
  'after a failure, %s has the memory and time of the agent',
  async (how) => {
    const small = await granting('code', {
      memoryBytes: 2 ** 28,
      wallMs: 5000,
      cpuPercent: 20,
      scaled: null,
    });
    expect((await complete(small, itemOf(small, 'code'), how)).run.budget).toEqual({ cpuPercent: 20 });
  },
);

test('of more than 1000 inputs an agent gets those nearest before it in the order of the graph', async () => {
  const small = await smallRun();
  const item = itemOf(small, 'code');
  const [some] = small.execution.results;
  const [agent] = item.agents;
  if (!some || !agent) throw new Error('There is a result, and an agent.');
  // Nearness is not that of names: the first one by name comes last.
  const names = Array.from({ length: 1003 }, (_, number) => `z-${1003 - number}`);
  const { store, run, refs } = small;
  const { accepted, assignment } = refs;
  const { run: made } = await agentRunOf({
    ...{ store, run, item, agent, accepted, assignment, workspace: null },
    inputs: Object.fromEntries(names.map((name) => [name, some.outcome])),
  });
  expect(Object.keys(made.inputs)).toEqual(names.slice(3));
});

test('the instructions of its category go with an item', async () => {
  const small = await smallRun();
  const categories = { analysis: { instructions: 'Look at everything twice.' } };
  const { digest } = await small.store.putJson({ ...small.template, categories });
  const request = { ...small.accepted.request, template: { ...small.accepted.request.template, digest } };
  const accepted = await small.store.putJson({ ...small.accepted, request });
  const changed = { ...small, refs: { ...small.refs, accepted } };
  expect((await complete(changed, itemOf(small, 'code'))).run.instructions).toMatch(
    /^Look at everything twice\.\n/,
  );
  expect((await complete(small, itemOf(small, 'code'))).run.instructions).not.toBe(
    'Look at everything twice.',
  );
});
