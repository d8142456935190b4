import type { ZodType } from 'zod';
import { HeptadError } from '../protocol/errors.js';

/**
 * Parses UTF-8 JSON with a schema.
 *
 * @param what the subject of the error's sentence, such as `The artifact sha256:…`
 * @throws HeptadError `InputInvalid` with every problem and its JSON pointer
 */
export function parseJson<T>(bytes: Uint8Array, schema: ZodType<T>, what: string): T {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new HeptadError('InputInvalid', `${what} is not JSON: ${String(cause)}.`, { cause });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => ({
    path: issue.path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join(''),
    reason: issue.message,
  }));
  throw new HeptadError('InputInvalid', `${what} is not what was expected.`, { problems });
}
