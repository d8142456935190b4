/** Names of the signals. They are idempotent: pausing what is paused changes nothing. */
export const signalName = { pause: 'pause', resume: 'resume', quiet: 'quiet' } as const;

/** Names of the queries: `progress` on `run-{id}`, `items` on `run-{id}/3-execute`. */
export const queryName = { progress: 'progress', items: 'items' } as const;
