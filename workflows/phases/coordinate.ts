import { proxyActivities } from '@temporalio/workflow';
import type { CoordinationActivities } from '../../libs/contracts/activities.js';
import type { ArtifactRef } from '../../libs/contracts/artifact.js';
import type { PhaseInput } from '../../libs/contracts/phase.js';
import { effects } from '../../libs/protocol/effects.js';
import { queue } from '../../libs/protocol/names.js';
import { phase } from './phase.js';

const { synthesise } = proxyActivities<CoordinationActivities>({
  taskQueue: queue.control,
  startToCloseTimeout: '1 minute',
  scheduleToCloseTimeout: '1 day',
  heartbeatTimeout: '2s',
  retry: effects.guarded,
});

interface CoordinateInput extends PhaseInput {
  readonly input: { readonly accepted: ArtifactRef; readonly executed: ArtifactRef };
}

/** Collects every item's result exactly once, settles conflicts, and writes the synthesis of the whole run. */
export const coordinate = phase<CoordinateInput>('coordinate', {
  work: async ({ run: { run }, input }) => await synthesise({ run, ...input }),
});
