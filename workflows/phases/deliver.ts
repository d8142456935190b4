import { proxyActivities } from '@temporalio/workflow';
import type { DeliveryActivities } from '../../libs/contracts/activities.js';
import type { ArtifactRef } from '../../libs/contracts/artifact.js';
import type { NamedRefs, PhaseInput, Receipt } from '../../libs/contracts/phase.js';
import { effects } from '../../libs/protocol/effects.js';
import { queue } from '../../libs/protocol/names.js';
import { phase } from './phase.js';

// Idempotent by the record's digest, so it may be repeated until it is known to have happened.
const { stagePackage, deliverPackage } = proxyActivities<DeliveryActivities>({
  taskQueue: queue.control,
  startToCloseTimeout: '5 minutes',
  scheduleToCloseTimeout: '1 day',
  heartbeatTimeout: '2s',
  retry: effects.guarded,
});

interface DeliverInput extends PhaseInput {
  readonly input: {
    readonly accepted: ArtifactRef;
    readonly assignment: ArtifactRef;
    readonly executed: ArtifactRef;
    readonly synthesis: ArtifactRef;
    readonly judged: ArtifactRef;
  };
  /** Records of the phases so far, by phase. */
  readonly records: NamedRefs;
}

/** Picks the best candidate, stages the package, has it judged, then delivers it. */
export const deliver = phase<DeliverInput, { receipt: Receipt | null }>('deliver', {
  work: async ({ run: { run }, input, records }) => {
    const staged = await stagePackage({ run, ...input, records });
    return { ...staged, facts: { receipt: null } };
  },
  commit: async ({ run: { run } }, result) => {
    const receipt = await deliverPackage({ run, staged: result.outcome, record: result.record });
    return { ...result, facts: { receipt } };
  },
});
