import type { Pass } from '../../libs/contracts/evidence.js';
import { type QueueName, queue } from '../../libs/protocol/names.js';

/** What a worker process does. */
export const roles = ['control', 'agents', 'verify'] as const;

export type Role = (typeof roles)[number];

/** What one worker of a process serves. The verifiers have a worker each, and may have a process each. */
export type Service =
  | { readonly role: 'control' | 'agents'; readonly queue: QueueName }
  | { readonly role: 'verify'; readonly queue: QueueName; readonly pass: Pass };

const verifiers = {
  A: { role: 'verify', queue: queue.verifyA, pass: 'A' },
  B: { role: 'verify', queue: queue.verifyB, pass: 'B' },
  C: { role: 'verify', queue: queue.verifyC, pass: 'C' },
} as const satisfies Record<Pass, Service>;

/** What a process of a role serves: the verifiers' all passes, or the one that is named. */
export function servicesOf(role: Role, pass?: Pass): readonly Service[] {
  if (role !== 'verify') return [{ role, queue: queue[role] }];
  return pass ? [verifiers[pass]] : Object.values(verifiers);
}
