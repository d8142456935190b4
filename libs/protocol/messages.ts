/** Names of the signals. They are idempotent: pausing what is paused changes nothing. */
export const signalName = { pause: 'pause', resume: 'resume', quiet: 'quiet', awaiting: 'awaiting' } as const;

/** Names of the queries: `progress` and `awaited` on `run-{id}`, `items` and `ledger` on `run-{id}/3-execute`. */
export const queryName = {
  progress: 'progress',
  awaited: 'awaited',
  items: 'items',
  ledger: 'ledger',
} as const;

/**
 * Names of the updates: `waive` on a phase, `run-{id}/{n}-{phase}`; `decide` on an item and `advance`, which lets more of
 * what is ready go on, on `run-{id}/3-execute`.
 */
export const updateName = { waive: 'waive', decide: 'decide', advance: 'advance' } as const;

/** The memo of `run-{id}/3-execute` by which its history tells transitions of items that no activity tells. */
export const itemsMemo = 'HeptadItems';
