/** What a worker process serves: the queue of the same name. */
export const roles = ['control', 'agents', 'verify'] as const;

export type Role = (typeof roles)[number];
