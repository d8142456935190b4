import { proxyActivities } from '@temporalio/workflow';
import type { CoordinationActivities } from '../../libs/contracts/activities.js';
import type { ArtifactRef } from '../../libs/contracts/artifact.js';
import type { PhaseInput } from '../../libs/contracts/phase.js';
import type { Decision } from '../../libs/contracts/reports/synthesis.js';
import { effects } from '../../libs/protocol/effects.js';
import { queue } from '../../libs/protocol/names.js';
import { phase } from './phase.js';

const { judge } = proxyActivities<CoordinationActivities>({
  taskQueue: queue.control,
  startToCloseTimeout: '1 minute',
  scheduleToCloseTimeout: '1 day',
  heartbeatTimeout: '2s',
  retry: effects.guarded,
});

interface VerifyInput extends PhaseInput {
  readonly input: {
    readonly accepted: ArtifactRef;
    readonly executed: ArtifactRef;
    readonly synthesis: ArtifactRef;
    /** The record of execute, which names the verdicts on it. */
    readonly executeRecord: ArtifactRef;
  };
}

/** Judges the whole result: criteria, gate, decision. */
export const verify = phase<VerifyInput, { decision: Decision }>('verify', {
  work: async ({ run: { run }, input }) => await judge({ run, ...input }),
});
