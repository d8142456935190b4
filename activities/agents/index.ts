import type { AgentActivities } from '../../libs/contracts/activities.js';
import { keptEvaluations } from '../../libs/merge/kept-evaluations.js';
import { cleanUpScratch } from '../../libs/scratch/clean-up.js';
import type { AgentDependencies } from './dependencies.js';
import { mergeCandidates } from './merge-candidates.js';
import { probeAgents } from './probe-agents.js';
import { runAgent } from './run-agent.js';

export const createAgentActivities = (dependencies: AgentDependencies): AgentActivities => ({
  probeAgents: probeAgents(dependencies),
  runAgent: runAgent(dependencies),
  mergeCandidates: mergeCandidates(dependencies),
  cleanUpAgents: async ({ run }) => {
    await keptEvaluations(dependencies.store, run).forget();
    return { scratchFolders: await cleanUpScratch(dependencies.scratch, run) };
  },
});
