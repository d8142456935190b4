import { proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { AgentActivities, PlannedFacts, RegistryActivities } from '../../libs/contracts/activities.js';
import type { ArtifactRef } from '../../libs/contracts/artifact.js';
import type { PhaseInput } from '../../libs/contracts/phase.js';
import { effects } from '../../libs/protocol/effects.js';
import { queue } from '../../libs/protocol/names.js';
import { allEnded } from '../all-ended.js';
import { phase } from './phase.js';

const { assignAgents, planWork } = proxyLocalActivities<RegistryActivities>({
  startToCloseTimeout: '1 minute',
  scheduleToCloseTimeout: '1 day',
  retry: effects.guarded,
});

const { fetchDependencies } = proxyActivities<RegistryActivities>({
  taskQueue: queue.control,
  startToCloseTimeout: '10 minutes',
  scheduleToCloseTimeout: '1 hour',
  heartbeatTimeout: '2s',
  retry: effects.guarded,
});

const { probeAgents } = proxyActivities<AgentActivities>({
  taskQueue: queue.agents,
  startToCloseTimeout: '1 minute',
  scheduleToCloseTimeout: '1 hour',
  heartbeatTimeout: '2s',
  retry: effects.guarded,
});

interface AssignInput extends PhaseInput {
  readonly input: { readonly accepted: ArtifactRef };
}

/**
 * Chooses agents and backups, prepares and probes where they will run, and plans the work. Where the subject's tests are
 * not run, nothing is fetched for them.
 */
export const assign = phase<AssignInput, PlannedFacts>('assign', {
  work: async ({ run: { run }, input: { accepted } }) => {
    const { assigned, needs } = await assignAgents({ accepted });
    const [fetched, { probes }] = await allEnded([
      needs.tests ? fetchDependencies({ run, accepted }) : Promise.resolve(null),
      probeAgents({ run, assigned }),
    ]);
    return await planWork({ accepted, assigned, dependencies: fetched?.dependencies ?? null, probes });
  },
});
