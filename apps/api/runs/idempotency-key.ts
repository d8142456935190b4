import { HeptadError } from '../../../libs/protocol/errors.js';
import { inputInvalid } from '../problems/problem-of.js';

/**
 * The header `Idempotency-Key`, checked: 1 to 255 visible ASCII characters.
 *
 * @throws HeptadError `IdempotencyKeyMissing`, `InputInvalid`
 */
export function idempotencyKey(header: string | undefined): string {
  if (header === undefined || header === '') throw new HeptadError('IdempotencyKeyMissing');
  if (!/^[\x21-\x7e]{1,255}$/.test(header))
    throw inputInvalid([
      { path: 'Idempotency-Key', reason: 'Expected 1 to 255 visible ASCII characters, no spaces.' },
    ]);
  return header;
}
