import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openStore } from '../../../libs/artifacts/open-store.js';
import type { PhaseRecord } from '../../../libs/contracts/evidence.js';
import { agentProblems, workingAgents } from '../../../libs/evidence/working-agents.js';
import { recordOf } from '../../support/small-records.js';
import { smallRun } from '../../support/small-run.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const says = ['Its record does not name the agents that worked, as what it staged tells.'];

describe('the agents that worked', () => {
  test('are those of the results of execute, in their order, and not whoever consolidated', async () => {
    const small = await smallRun();
    const { store, refs, execution, roster } = small;
    const agents = await workingAgents(store, 'execute', refs.executed.digest);
    expect(agents.map(({ agent }) => agent)).toEqual(roster.map(({ id }) => id));
    expect(agents.length).toBeLessThan(execution.results.length);
    for (const { item, manifest, outcome } of agents) {
      const result = execution.results.find((one) => one.item === item);
      expect([manifest, outcome]).toEqual([result?.agent?.manifest, result?.outcome.digest]);
    }
  });

  test('are none in another phase, and none where nothing was staged', async () => {
    const { store, refs } = await smallRun();
    expect(await workingAgents(store, 'coordinate', refs.executed.digest)).toEqual([]);
    expect(await workingAgents(store, 'execute', null)).toEqual([]);
  });

  test('are none where what was staged cannot be read, or is no execution', async () => {
    const { store, refs } = await smallRun();
    const empty = openStore(join(await temporaryFolder(), 'artifacts'));
    expect(await workingAgents(empty, 'execute', refs.executed.digest)).toEqual([]);
    expect(await workingAgents(store, 'execute', refs.accepted.digest)).toEqual([]);
  });
});

describe('a record', () => {
  test('names the agents that worked', async () => {
    const small = await smallRun();
    for (const phase of ['assign', 'execute', 'conclude'] as const)
      expect(await agentProblems(small.store, await recordOf(small, phase))).toEqual([]);
  });

  test.each<[string, (agents: PhaseRecord['agents']) => PhaseRecord['agents']]>([
    ['leaves one out', (agents) => agents.slice(1)],
    ['names one twice', (agents) => [...agents, ...agents.slice(0, 1)]],
    ['names another', (agents) => agents.map((one) => ({ ...one, agent: 'agent.other' }))],
    ['names another manifest', (agents) => agents.map((one) => ({ ...one, manifest: one.outcome }))],
    ['names another outcome', (agents) => agents.map((one) => ({ ...one, outcome: one.manifest }))],
    ['names none', () => []],
  ])('that %s is found', async (_, change) => {
    const small = await smallRun();
    const { agents } = await recordOf(small, 'execute');
    const record = await recordOf(small, 'execute', { agents: change(agents) });
    expect(await agentProblems(small.store, record)).toEqual(says);
  });

  test('of a phase in which no agents work names none', async () => {
    const small = await smallRun();
    const { agents } = await recordOf(small, 'execute');
    expect(await agentProblems(small.store, await recordOf(small, 'verify', { agents }))).toEqual(says);
  });
});
