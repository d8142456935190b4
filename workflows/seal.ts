import { proxyActivities, setCurrentDetails } from '@temporalio/workflow';
import type { EvidenceActivities } from '../libs/contracts/activities.js';
import type { ArtifactRef } from '../libs/contracts/artifact.js';
import { effects } from '../libs/protocol/effects.js';
import { queue, workflowType } from '../libs/protocol/names.js';

// Fails with RunOpen until the run has closed.
const { archiveHistories } = proxyActivities<EvidenceActivities>({
  taskQueue: queue.control,
  startToCloseTimeout: '2 minutes',
  scheduleToCloseTimeout: '7 days',
  heartbeatTimeout: '2s',
  retry: effects.wait,
});

const { writeSeal } = proxyActivities<EvidenceActivities>({
  taskQueue: queue.control,
  startToCloseTimeout: '2 minutes',
  scheduleToCloseTimeout: '7 days',
  heartbeatTimeout: '2s',
  retry: effects.guarded,
});

interface SealRequest {
  readonly run: string;
  readonly by: 'conclude' | 'sweep';
}

/** Waits until a run has closed, then adds its complete histories to the evidence. */
async function sealRun({ run, by }: SealRequest): Promise<{ seal: ArtifactRef }> {
  setCurrentDetails('Waiting for the run to close.');
  const { archive } = await archiveHistories({ run });
  const sealed = await writeSeal({ run, by, archive });
  setCurrentDetails(`Sealed as ${sealed.seal.digest}.`);
  return sealed;
}

export const seal = Object.defineProperty(sealRun, 'name', { value: workflowType.seal });
