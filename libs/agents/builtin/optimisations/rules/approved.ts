import type { Rule } from 'eslint';
import { z } from 'zod';

/** What the rules of this folder take: keys of places, as `sitesOf` gives them; no others are changed. */
export const optionsSchema = [
  {
    type: 'object',
    additionalProperties: false,
    required: ['file', 'keys'],
    properties: { file: { type: 'string' }, keys: { type: 'array', items: { type: 'string' } } },
  },
] as const;

const parsedOptions = z.tuple([z.object({ file: z.string(), keys: z.array(z.string()) })]);

/** The file and the keys that a rule was configured with. */
export function approved(context: Rule.RuleContext): { file: string; keys: ReadonlySet<string> } {
  const [{ file, keys }] = parsedOptions.parse(context.options);
  return { file, keys: new Set(keys) };
}
