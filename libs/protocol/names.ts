import { type PhaseName, phaseNumber } from './phases.js';

/** Task queues. See docs/decisions for who serves which. */
export const queue = {
  control: 'control',
  agents: 'agents',
  /** One per pass, so that each can be a process of its own, with its own user and key. */
  verifyA: 'verify-a',
  verifyB: 'verify-b',
  verifyC: 'verify-c',
} as const;

export type QueueName = (typeof queue)[keyof typeof queue];

/** Workflow types beside the seven phases, which are registered by their own names. */
export const workflowType = { run: 'run', seal: 'seal', sweep: 'sweep' } as const;

/** The Temporal Schedule that seals runs which closed without a seal. */
export const sweepScheduleId = 'heptad-seal-sweep';

/** Workflow ids. The id of a run is derived from tenant and idempotency key, see `libs/temporal`. */
export const workflowId = {
  run: (run: string): string => `run-${run}`,
  phase: (run: string, phase: PhaseName): string => `run-${run}/${phaseNumber(phase)}-${phase}`,
  seal: (run: string): string => `run-${run}/seal`,
  sweep: 'heptad-sweep',
} as const;

/** The id of the run that a workflow id belongs to, or undefined where it is none of a run. */
export const runOfWorkflowId = (id: string): string | undefined => /^run-([^/]+)(?:\/|$)/.exec(id)?.[1];
