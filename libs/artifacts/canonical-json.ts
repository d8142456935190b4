import canonicalize from 'canonicalize';
import { HeptadError } from '../protocol/errors.js';

/**
 * A value as canonical JSON (RFC 8785): the same value always gives the same text.
 *
 * @throws HeptadError `InputInvalid` for what JSON cannot say: NaN, infinities, a bare undefined, a lone surrogate
 */
export function canonicalJson(value: unknown): string {
  let text: string | undefined;
  try {
    text = canonicalize(value);
  } catch (cause) {
    throw new HeptadError('InputInvalid', `The value has no canonical JSON: ${String(cause)}.`, { cause });
  }
  if (text === undefined)
    throw new HeptadError('InputInvalid', 'The value has no canonical JSON: it is undefined.');
  return text;
}
