import { executeChild, proxyActivities, workflowInfo } from '@temporalio/workflow';

const { nothing } = proxyActivities<{ nothing(): Promise<void> }>({
  startToCloseTimeout: '1 minute',
  taskQueue: 'raw',
});

/** One activity: the least that a phase can do. */
export async function rawPhase(): Promise<void> {
  await nothing();
}

/** Seven child workflows in order with one activity each, and nothing else: what a run is measured against. */
export async function rawRun(): Promise<void> {
  for (let phase = 1; phase <= 7; phase += 1) {
    await executeChild(rawPhase, { workflowId: `${workflowInfo().workflowId}/${phase}` });
  }
}
