import { proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { AgentActivities, DeliveryActivities, DeliveryInput } from '../../libs/contracts/activities.js';
import type { Target } from '../../libs/contracts/delivery.js';
import type { PhaseInput, Receipt } from '../../libs/contracts/phase.js';
import { effects } from '../../libs/protocol/effects.js';
import { queue } from '../../libs/protocol/names.js';
import { allEnded } from '../all-ended.js';
import { phase } from './phase.js';

const { planDelivery } = proxyLocalActivities<DeliveryActivities>({
  startToCloseTimeout: '1 minute',
  scheduleToCloseTimeout: '1 day',
  retry: effects.guarded,
});

// Each evaluation is kept, so an attempt goes on where the one before it was cut off.
const { mergeCandidates } = proxyActivities<AgentActivities>({
  taskQueue: queue.agents,
  startToCloseTimeout: '2 hours',
  scheduleToCloseTimeout: '1 day',
  heartbeatTimeout: '2s',
  retry: effects.guarded,
});

// Idempotent by the record's digest, so it may be repeated until it is known to have happened.
const { stagePackage, attest, deliverPackage } = proxyActivities<DeliveryActivities>({
  taskQueue: queue.control,
  startToCloseTimeout: '5 minutes',
  scheduleToCloseTimeout: '1 day',
  heartbeatTimeout: '2s',
  retry: effects.guarded,
});

// A large package takes its time to a far place.
const { deliverTo } = proxyActivities<DeliveryActivities>({
  taskQueue: queue.control,
  startToCloseTimeout: '2 hours',
  scheduleToCloseTimeout: '1 day',
  heartbeatTimeout: '2s',
  retry: effects.guarded,
});

interface DeliverInput extends PhaseInput {
  readonly input: DeliveryInput;
}

interface Delivered {
  readonly receipt: Receipt | null;
  readonly targets: readonly Target[];
}

/** Merges the candidates where there are some, stages the package, has it judged, then signs and delivers it. */
export const deliver = phase<DeliverInput, Delivered>('deliver', {
  work: async ({ run: { run }, input }) => {
    const { accepted, assignment, executed, judged } = input;
    const { merges } = await planDelivery({ judged });
    const merge = merges ? await mergeCandidates({ run, accepted, assignment, executed, judged }) : null;
    const staged = await stagePackage({ run, input, merged: merge?.merged ?? null });
    return { ...staged, facts: { receipt: null, targets: staged.facts.targets } };
  },
  commit: async ({ run: { run } }, result) => {
    const { outcome: staged, record, facts } = result;
    const { attestations } = await attest({ run, staged, record });
    const receipt = await deliverPackage({ run, staged, attestations, record });
    const delivered = await allEnded(
      facts.targets.map((target) => deliverTo({ run, target, staged, attestations, record })),
    );
    const summary = [result.summary, ...delivered.map(({ says }) => says)].join('; ');
    return { ...result, summary, facts: { ...facts, receipt } };
  },
});
