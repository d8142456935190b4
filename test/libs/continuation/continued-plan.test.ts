import { describe, expect, test } from 'vitest';
import { agentRunOf } from '../../../libs/agents/agent-run-of.js';
import { digestOfState } from '../../../libs/continuation/state.js';
import { agentManifestSchema } from '../../../libs/contracts/agent.js';
import type { ArtifactRef } from '../../../libs/contracts/artifact.js';
import { type Discovery, discoverySchema } from '../../../libs/contracts/discovery.js';
import type { Assignment, Execution } from '../../../libs/contracts/phase.js';
import type { Resumption } from '../../../libs/contracts/resumption.js';
import { templateSchema } from '../../../libs/contracts/template.js';
import { plannedWork } from '../../../libs/registry/planned-work.js';
import { failuresOf, judgedPhase } from '../../support/judged-phase.js';
import { type SmallRun, smallRun } from '../../support/small-run.js';

const discovery: Discovery = discoverySchema.parse({
  description: 'The stack grows for ever.',
  category: 'analysis',
  done: 'It is shown that it does not.',
});

/** What a run planned that continues what a small run left, which one consumer takes. */
interface Continued {
  readonly small: SmallRun;
  readonly accepted: ArtifactRef;
  readonly assignment: Assignment;
}

async function continued(): Promise<Continued> {
  const small = await smallRun();
  const { store, accepted: before, captured, roster } = small;
  const template = templateSchema.parse({
    ...small.template,
    consumers: [
      {
        ...{
          id: 'mend',
          title: 'Mend',
          category: 'analysis',
          work: { kind: 'agent', capability: 'do.code' },
        },
        consumes: { kind: 'discovery', category: 'analysis' },
        done: { says: 'It is mended.', expression: 'EXISTS result.kind' },
        expects: 'code',
      },
    ],
  });
  const { digest } = await store.putJson(template);
  const state = { workspace: captured.digest, results: [] };
  const resumption: Resumption = {
    ...{ kind: 'resumption', version: 1, how: 'continue', run: 'earlier', origin: 'first', template: digest },
    ...{ point: null, item: null, captured: before.captured, discoveries: [discovery] },
    ...{ ...state, state: digestOfState(state) },
  };
  const { digest: resume } = await store.putJson(resumption);
  const request = { ...before.request, template: { ...before.request.template, digest }, resume };
  const coder = small.assignment.items.find(({ item }) => item === 'code');
  if (!coder) throw new Error('Nobody does code.');
  const assignment = plannedWork({
    ...{
      template,
      input: {},
      resumption,
      environment: { test: small.assignment.test, dependencies: small.assignment.dependencies },
    },
    assigned: {
      health: small.assignment.health,
      items: [...small.assignment.items, { ...coder, item: 'mend' }],
    },
    manifests: new Map(roster.map((manifest) => [manifest.id, agentManifestSchema.parse(manifest)])),
    probes: small.assignment.probes,
  });
  return { small, accepted: await store.putJson({ ...before, request }), assignment };
}

describe('a run that continues an earlier one', () => {
  test('is planned as what that one left, and nothing else', async () => {
    const run = await continued();
    expect(run.assignment.graph.items.map(({ id, body, after }) => [id, body, after])).toEqual([
      ['mend-1', 'mend', []],
    ]);
    expect(run.assignment).not.toHaveProperty('reused');
  });

  test('has a plan that pass A accepts', async () => {
    const { small, accepted, assignment } = await continued();
    expect(await failuresOf(await judgedPhase(small, 'assign', assignment, { accepted }))).toEqual({});
  });

  test('has planned what pass A takes for no discovery of its own', async () => {
    const { small, accepted, assignment } = await continued();
    const execution: Execution = {
      ...{ kind: 'execution', graph: assignment.graph, results: [] },
      unfinished: [{ item: 'mend-1', status: 'failed', code: 'AgentFailed' }],
    };
    const input = { accepted, assignment: await small.store.putJson(assignment) };
    expect(await failuresOf(await judgedPhase(small, 'execute', execution, input))).toEqual({});
  });

  test('tells the agent what was found, and names secrets as the first run did', async () => {
    const { small, accepted, assignment } = await continued();
    const [item] = assignment.graph.items;
    const [agent] = item?.agents ?? [];
    if (!item || !agent) throw new Error('Nothing is planned.');
    const asked = async (id: string) =>
      await agentRunOf({
        ...{ store: small.store, run: id, item, agent, accepted, workspace: null, inputs: {} },
        assignment: await small.store.putJson(assignment),
      });
    const { run: one } = await asked('later');
    expect(one.parameters).toMatchObject({ discovery, secretsKey: expect.any(String) });
    const key = ({ secretsKey }: { secretsKey?: unknown }) => secretsKey;
    expect(key((await asked('still-later')).run.parameters)).toBe(key(one.parameters));
    const plain = small.execution.graph.items.find(({ id }) => id === 'code');
    if (!plain) throw new Error('There is no analysis.');
    const first = await agentRunOf({
      ...{ store: small.store, run: 'first', item: plain, agent, workspace: null, inputs: {} },
      ...{ accepted: small.refs.accepted, assignment: small.refs.assignment },
    });
    expect(key(first.run.parameters)).toBe(key(one.parameters));
  });
});
