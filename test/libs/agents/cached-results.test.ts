import { beforeEach, describe, expect, test } from 'vitest';
import { agentRunOf, type CompleteAgentRun, inputsOfItem } from '../../../libs/agents/agent-run-of.js';
import { type CachedResult, cachedResults } from '../../../libs/agents/cached-results.js';
import type { ArtifactStore } from '../../../libs/artifacts/artifact-store.js';
import type { AgentResult } from '../../../libs/contracts/agent.js';
import type { GraphItem } from '../../../libs/contracts/graph.js';
import type { Digest } from '../../../libs/protocol/digest.js';
import { smallRun } from '../../support/small-run.js';

describe('results of earlier runs', () => {
  let store: ArtifactStore;
  let made: CompleteAgentRun;
  let another: CompleteAgentRun;
  let result: AgentResult;
  beforeEach(async () => {
    const small = await smallRun();
    store = small.store;
    const { items } = small.execution.graph;
    const item = items.find(({ id }) => id === 'code') as GraphItem;
    const [agent] = item.agents;
    if (!agent) throw new Error('The item has no agent.');
    const complete = (run: string) =>
      agentRunOf({ store, run, item, agent, ...small.refs, ...inputsOfItem(item, small.execution) });
    const reproducible = async (run: string): Promise<CompleteAgentRun> => {
      const one = await complete(run);
      return { ...one, manifest: { ...one.manifest, comparison: 'digest' } };
    };
    [made, another] = [await reproducible(small.run), await reproducible('another')];
    result = {
      outcome: await store.putJson({ found: 'something' }),
      measurements: await store.putJson({ ms: 1 }),
    } as AgentResult;
  });

  const kept = async (): Promise<CachedResult> => {
    await cachedResults(store, made)?.keep(result);
    return { outcome: result.outcome, measurements: result.measurements };
  };
  const found = (of: CompleteAgentRun) => cachedResults(store, of)?.find();

  test('are found by another run that would do the same', async () => {
    expect(await found(made)).toBeUndefined();
    const one = await kept();
    expect(another.run.parameters.secretsKey).not.toBe(made.run.parameters.secretsKey);
    expect(await found(another)).toEqual(one);
  });

  const other: Digest = `sha256:${'0'.repeat(64)}`;
  test.each<[string, (of: CompleteAgentRun) => CompleteAgentRun]>([
    ['another agent', (of) => ({ ...of, run: { ...of.run, agent: other } })],
    [
      'another workspace',
      (of) => ({ ...of, run: { ...of.run, workspace: { ...of.run.workspace, digest: other } } }),
    ],
    ['other parameters', (of) => ({ ...of, run: { ...of.run, parameters: { more: true } } })],
    ['other inputs', (of) => ({ ...of, run: { ...of.run, inputs: { look: result.outcome } } })],
    ['other instructions', (of) => ({ ...of, run: { ...of.run, instructions: 'Look again.' } })],
    ['another contract', (of) => ({ ...of, expected: { name: 'architecture', schema: null } })],
    ['other checks', (of) => ({ ...of, done: { ...of.done, command: 'node check.js' } as typeof of.done })],
  ])('are not found with %s', async (_, changed) => {
    await kept();
    expect(await found(changed(made))).toBeUndefined();
  });

  test('are not found where their bytes are gone', async () => {
    await kept();
    expect(await store.remove(result.outcome.digest, new Date(Date.now() + 1000))).toBe(true);
    expect(await found(made)).toBeUndefined();
  });

  test('are not kept of agents that do not come to the same twice', () => {
    for (const comparison of ['same-findings', 'same-test-verdicts'] as const)
      expect(cachedResults(store, { ...made, manifest: { ...made.manifest, comparison } })).toBe(null);
  });
});
