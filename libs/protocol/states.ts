/** The states of a run that people see. */
export const runStates = [
  'running',
  'waiting',
  'pausing',
  'paused',
  'completed',
  'completed-conditionally',
  'blocked',
  'failed',
  'cancelled',
  'terminated',
  'timed-out',
] as const;

export type RunState = (typeof runStates)[number];

/** The states of a run that has not ended. */
const open = ['running', 'waiting', 'pausing', 'paused'] as const;

/** What a state follows from. */
export interface RunFacts {
  /** Temporal's status of `run-{id}`. */
  readonly status:
    | 'RUNNING'
    | 'COMPLETED'
    | 'FAILED'
    | 'CANCELLED'
    | 'TERMINATED'
    | 'TIMED_OUT'
    | 'CONTINUED_AS_NEW';
  /** Search attribute `HeptadSteering` of an open run. */
  readonly steering: string | undefined;
  /** Search attribute `HeptadDecision`. */
  readonly decision: string | undefined;
}

/** The one table that maps Temporal's status, the decision and pause to the state that people see. */
export function runState({ status, steering, decision }: RunFacts): RunState {
  switch (status) {
    case 'RUNNING':
    case 'CONTINUED_AS_NEW':
      return open.find((state) => state === steering) ?? 'running';
    case 'COMPLETED':
      return decision === 'CONDITIONAL_PROCEED' ? 'completed-conditionally' : 'completed';
    case 'FAILED':
      return decision === 'BLOCK' ? 'blocked' : 'failed';
    case 'CANCELLED':
      return 'cancelled';
    case 'TERMINATED':
      return 'terminated';
    case 'TIMED_OUT':
      return 'timed-out';
  }
}
