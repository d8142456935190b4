import type { z } from 'zod';
import { listTemplates } from '../../../libs/templates/registry/list-templates.js';
import type { Registry } from '../../../libs/templates/registry/registered-template.js';
import { inputInvalid } from '../problems/problem-of.js';
import { type TemplateQuery, type templateListSchema, templateNameSchema } from './template-schemas.js';

/**
 * A page of the templates that match, by name.
 *
 * @throws HeptadError `InputInvalid` the cursor is not one of ours
 */
export async function pageOfTemplates(
  registry: Registry,
  { limit, cursor, archived, ...filter }: TemplateQuery,
): Promise<z.infer<typeof templateListSchema>> {
  // After a name that is no more there the page is the same.
  const after = cursor === undefined ? '' : cursor.slice(1);
  if (cursor !== undefined && (!cursor.startsWith('n') || !templateNameSchema.safeParse(after).success))
    throw inputInvalid([{ path: '/cursor', reason: 'It is not one that a list of templates gave.' }]);
  const all = await listTemplates(registry, { ...filter, archived: archived === 'true' });
  const rest = all.filter(({ name }) => name > after);
  const templates = rest.slice(0, limit);
  return { templates, next: rest.length > limit ? `n${templates.at(-1)?.name}` : null };
}
