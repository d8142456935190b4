import { createHash } from 'node:crypto';
import type { Digest } from '../protocol/digest.js';
import { canonicalJson } from './canonical-json.js';

/**
 * The digest by which the artifact store would know a value, without storing it.
 *
 * @throws HeptadError `InputInvalid` the value has no canonical JSON
 */
export const digestOfJson = (value: unknown): Digest =>
  `sha256:${createHash('sha256').update(canonicalJson(value)).digest('hex')}`;
