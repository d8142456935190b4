import type { AgentActivities } from '../../libs/contracts/activities.js';
import { cleanUpScratch } from '../../libs/scratch/clean-up.js';
import type { AgentDependencies } from './dependencies.js';
import { probeAgents } from './probe-agents.js';
import { runAgent } from './run-agent.js';

export const createAgentActivities = (dependencies: AgentDependencies): AgentActivities => ({
  probeAgents: probeAgents(dependencies),
  runAgent: runAgent(dependencies),
  cleanUpAgents: async ({ run }) => ({ scratchFolders: await cleanUpScratch(dependencies.scratch, run) }),
});
