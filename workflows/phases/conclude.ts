import { ParentClosePolicy, proxyActivities, proxyLocalActivities, startChild } from '@temporalio/workflow';
import type {
  AgentActivities,
  ConclusionActivities,
  PhaseAccount,
  VerificationActivities,
} from '../../libs/contracts/activities.js';
import type { PhaseInput } from '../../libs/contracts/phase.js';
import { effects } from '../../libs/protocol/effects.js';
import { queue, workflowId } from '../../libs/protocol/names.js';
import { runTitle } from '../run-title.js';
import { seal } from '../seal.js';
import { phase } from './phase.js';

const { accountForRun } = proxyLocalActivities<ConclusionActivities>({
  startToCloseTimeout: '1 minute',
  scheduleToCloseTimeout: '1 day',
  retry: effects.guarded,
});

// A worker that is gone cannot leave a run without a conclusion: what it left is swept when it starts again.
const cleaning = {
  startToCloseTimeout: '20s',
  scheduleToCloseTimeout: '30s',
  heartbeatTimeout: '2s',
  retry: effects.idempotent,
} as const;
const { cleanUpControl } = proxyActivities<ConclusionActivities>({ taskQueue: queue.control, ...cleaning });
const { cleanUpAgents } = proxyActivities<AgentActivities>({ taskQueue: queue.agents, ...cleaning });
const { cleanUpVerifiers } = proxyActivities<VerificationActivities>(cleaning);
const verifiers = [queue.verifyA, queue.verifyB, queue.verifyC];

interface ConcludeInput extends PhaseInput {
  readonly phases: readonly PhaseAccount[];
  readonly failure: { readonly code: string; readonly message: string } | null;
}

/** Accounts for every part, whatever happened before, cleans up, and starts the seal. */
export const conclude = phase<ConcludeInput>('conclude', {
  work: async ({ run: { run }, phases, failure }) => {
    await startChild(seal, {
      workflowId: workflowId.seal(run),
      args: [{ run, by: 'conclude' }],
      parentClosePolicy: ParentClosePolicy.ABANDON,
      staticSummary: `Seal of ${runTitle(run)}`,
    });
    const cleaned = await Promise.allSettled([
      cleanUpControl({ run }),
      cleanUpAgents({ run }),
      ...verifiers.map((taskQueue) => cleanUpVerifiers.executeWithOptions({ taskQueue }, [{ run }])),
    ]);
    const scratchFolders = cleaned
      .map((part) => (part.status === 'fulfilled' ? part.value.scratchFolders : 0))
      .reduce((sum, folders) => sum + folders, 0);
    return await accountForRun({ run, phases, failure, scratchFolders });
  },
});
