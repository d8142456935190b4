import type { AgentActivities } from '../../libs/contracts/activities.js';
import { keptEvaluations } from '../../libs/merge/kept-evaluations.js';
import { cleanUpScratch } from '../../libs/scratch/clean-up.js';
import { forgetChunks } from '../../libs/segments/committed-chunks.js';
import type { AgentDependencies } from './dependencies.js';
import { mergeCandidates } from './merge-candidates.js';
import { probeAgents } from './probe-agents.js';
import { runAgent } from './run-agent.js';
import { runSegment } from './run-segment.js';

export const createAgentActivities = (dependencies: AgentDependencies): AgentActivities => ({
  probeAgents: probeAgents(dependencies),
  runAgent: runAgent(dependencies),
  runSegment: runSegment(dependencies),
  mergeCandidates: mergeCandidates(dependencies),
  cleanUpAgents: async ({ run }) => {
    await keptEvaluations(dependencies.store, run).forget();
    await forgetChunks(dependencies.store, run);
    return { scratchFolders: await cleanUpScratch(dependencies.scratch, run) };
  },
});
