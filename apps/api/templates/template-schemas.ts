import { z } from 'zod';
import { templateSchema } from '../../../libs/contracts/template.js';
import { largestTemplate } from '../../../libs/templates/check/read-text.js';
import { listedTemplateSchema } from '../../../libs/templates/registry/registered-template.js';

const nameSchema = z.string().regex(/^[a-z][a-z0-9-]{0,63}$/, 'Expected a name.');
const versionSchema = z
  .string()
  .regex(/^\d{1,6}\.\d{1,6}\.\d{1,6}$/, 'Expected three numbers, such as 1.0.0.');

/** The name of a template in a path. */
export const templateNameSchema = nameSchema;

/** A template in a path: a name, `name@version` or digest. */
export const referenceSchema = z
  .string()
  .regex(
    /^([a-z][a-z0-9-]{0,63}(@\d{1,6}\.\d{1,6}\.\d{1,6})?|sha256:[0-9a-f]{64})$/,
    'Expected a name, name@version or digest.',
  );

/** The body of what takes a template: its text, YAML or JSON. */
export const sourceSchema = z.strictObject({ source: z.string().min(1).max(largestTemplate) });
export type Source = z.infer<typeof sourceSchema>;

/** The body of archiving: a version, or nothing for the whole name. */
export const archiveSchema = z.strictObject({ version: versionSchema.optional() });
export type Archive = z.infer<typeof archiveSchema>;

/** The query of `GET /v1/templates`. */
export const templateQuerySchema = z.strictObject({
  search: z.string().max(200).optional(),
  tag: z.string().max(40).optional(),
  category: z.string().max(50).optional(),
  archived: z.enum(['true', 'false']).default('false'),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(100).optional(),
});
export type TemplateQuery = z.infer<typeof templateQuerySchema>;

export const templateListSchema = z.strictObject({
  templates: z.array(listedTemplateSchema),
  next: z.string().nullable(),
});

export const versionsSchema = z.strictObject({ versions: z.array(listedTemplateSchema) });

export const seededSchema = z.strictObject({ templates: z.array(listedTemplateSchema) });

/** A template in full, and what lists tell of it. */
export const templateViewSchema = templateSchema.extend(
  listedTemplateSchema.pick({ digest: true, origin: true, archived: true, createdAt: true }).shape,
);

const problemSchema = z.strictObject({
  path: z.string(),
  line: z.int().positive(),
  column: z.int().positive(),
  reason: z.string(),
});

/** What is told of the text of a template. */
export const validationSchema = z.strictObject({
  valid: z.boolean(),
  problems: z.array(problemSchema),
  warnings: z.array(problemSchema),
});

/** What a template was registered as, and what may not be meant in it. */
export const createdTemplateSchema = z.strictObject({
  template: listedTemplateSchema,
  warnings: z.array(problemSchema),
});
export type CreatedTemplate = z.infer<typeof createdTemplateSchema>;
