import { ParentClosePolicy, proxyActivities, startChild } from '@temporalio/workflow';
import type { EvidenceActivities } from '../libs/contracts/activities.js';
import { effects } from '../libs/protocol/effects.js';
import { queue, workflowId } from '../libs/protocol/names.js';
import { runTitle } from './run-title.js';
import { seal } from './seal.js';

const { findUnsealed } = proxyActivities<EvidenceActivities>({
  taskQueue: queue.control,
  startToCloseTimeout: '1 minute',
  scheduleToCloseTimeout: '10 minutes',
  heartbeatTimeout: '2s',
  retry: effects.read,
});

/** Seals runs that closed without a seal: terminated from outside, or timed out. Started by a schedule. */
export async function sweep(): Promise<{ sealing: number }> {
  const { runs } = await findUnsealed();
  const started = await Promise.allSettled(
    runs.map((run) =>
      startChild(seal, {
        workflowId: workflowId.seal(run),
        args: [{ run, by: 'sweep' }],
        parentClosePolicy: ParentClosePolicy.ABANDON,
        staticSummary: `Seal of ${runTitle(run)}, found by the sweep`,
      }),
    ),
  );
  // A seal that is already under way refuses the second start.
  return { sealing: started.filter(({ status }) => status === 'fulfilled').length };
}
