import { type Client, ScheduleAlreadyRunning, ScheduleOverlapPolicy } from '@temporalio/client';
import { queue, sweepScheduleId, workflowId, workflowType } from '../../libs/protocol/names.js';

/** Makes the schedule that seals runs which closed without a seal, unless it is there already. */
export async function ensureSweep(client: Client): Promise<void> {
  try {
    await client.schedule.create({
      scheduleId: sweepScheduleId,
      spec: { intervals: [{ every: '5 minutes' }] },
      policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '5 minutes' },
      action: {
        type: 'startWorkflow',
        workflowType: workflowType.sweep,
        workflowId: workflowId.sweep,
        taskQueue: queue.control,
        staticSummary: 'Seals runs that closed without a seal',
      },
    });
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
  }
}
