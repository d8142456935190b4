import type { ConclusionActivities } from '../../libs/contracts/activities.js';
import type { Conclusion } from '../../libs/contracts/phase.js';
import { forgetHealth, healthOf, readHealth, writeHealth } from '../../libs/evidence/agent-health.js';
import { tallyRun } from '../../libs/evidence/tally-run.js';
import { phaseNames } from '../../libs/protocol/phases.js';
import type { ConclusionDependencies } from './dependencies.js';

/**
 * Accounts for every phase, assesses the health of the agents that this run executed, keeps their tallies where
 * assign reads them, and stages the conclusion.
 */
export const accountForRun =
  ({ store }: Pick<ConclusionDependencies, 'store'>): ConclusionActivities['accountForRun'] =>
  async ({ run, phases, failure, scratchFolders }) => {
    const recordOf = (name: string) => phases.find(({ phase }) => phase === name)?.record?.digest ?? null;
    const agents: Conclusion['agents'] = [];
    for (const [agent, tally] of await tallyRun(store, recordOf('execute'))) {
      await writeHealth(store, { agent, run }, tally);
      await forgetHealth(store, agent);
      const recent = await readHealth(store, agent);
      agents.push({ agent, ...tally, recent, health: healthOf(recent) });
    }
    const conclusion: Conclusion = {
      kind: 'conclusion',
      phases: phaseNames.map((phase) => ({
        phase,
        state: phases.find((one) => one.phase === phase)?.state ?? 'not-started',
        record: recordOf(phase),
      })),
      failure: failure && { code: failure.code, message: failure.message },
      agents,
      cleaned: { scratchFolders },
    };
    const completed = conclusion.phases.filter(({ state }) => state === 'completed').length;
    return {
      outcome: await store.putJson(conclusion),
      summary: failure
        ? `${completed} phases completed; ended with ${failure.code}`
        : `${completed} phases completed`,
      facts: null,
    };
  };
