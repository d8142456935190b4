import type { RetryPolicy } from '@temporalio/common';

/** Retry policies, one per class of effect. Which class a proxy has stands beside the proxy. */
export const effects = {
  /** Reads, and writes of content-addressed bytes: may be repeated freely. */
  read: { initialInterval: '50ms', backoffCoefficient: 2, maximumInterval: '10s', maximumAttempts: 10 },
  /** Changes that are idempotent under `{workflowId}:{activityId}`. */
  idempotent: { initialInterval: '50ms', backoffCoefficient: 2, maximumInterval: '10s', maximumAttempts: 10 },
  /**
   * What stands under a circuit breaker: attempts that an open breaker refuses count too, so the bound is
   * `scheduleToCloseTimeout`, never a number of attempts.
   */
  guarded: { initialInterval: '50ms', backoffCoefficient: 2, maximumInterval: '1 minute' },
  /** Effects that must not be repeated: one attempt, then `OutcomeUnknown`, reconciled by its key. */
  once: { maximumAttempts: 1 },
  /** Waiting for another workflow to close: cheap, frequent at first, bounded by the proxy's timeout. */
  wait: { initialInterval: '50ms', backoffCoefficient: 1.5, maximumInterval: '2s' },
} as const satisfies Record<string, RetryPolicy>;
