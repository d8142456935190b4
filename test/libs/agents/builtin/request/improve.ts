import { deconstruct } from '../../../../../libs/agents/builtin/request/deconstruct.js';
import { deliver } from '../../../../../libs/agents/builtin/request/deliver.js';
import { develop } from '../../../../../libs/agents/builtin/request/develop.js';
import { diagnose } from '../../../../../libs/agents/builtin/request/diagnose.js';

/** The outcomes of the four steps on a request. */
export function improve(text: string) {
  const taken = deconstruct(text);
  const found = diagnose(text);
  const made = develop(taken, found);
  const before = { deconstruct: taken, diagnose: found, develop: made };
  return { ...before, deliver: deliver(text, before, 'request.md') };
}
