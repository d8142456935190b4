import { createHash } from 'node:crypto';

/** RFC 4648, lower case: letters and digits that cannot be taken for one another. */
const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';
const length = 26;

/**
 * The id of the run that a tenant starts under an idempotency key: the first 130 bits of a SHA-256, as 26 lower-case
 * letters and digits. The same key always names the same run.
 */
export function runIdOf(tenant: string, idempotencyKey: string): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([tenant, idempotencyKey]))
    .digest();
  const bits = Array.from(hash, (byte) => byte.toString(2).padStart(8, '0')).join('');
  return Array.from({ length }, (_, at) => alphabet[Number.parseInt(bits.slice(at * 5, at * 5 + 5), 2)]).join(
    '',
  );
}

/** The form of a run's id. */
export const runIdPattern = /^[a-z2-7]{26}$/;
