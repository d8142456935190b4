import { z } from 'zod';
import { agentManifestSchema } from '../../../libs/contracts/agent.js';
import { templateSchema } from '../../../libs/contracts/template.js';

const listedSchema = z.looseObject({
  name: z.string(),
  version: z.string(),
  title: z.string(),
  description: z.string(),
  archived: z.boolean().optional(),
});

/** What is shown of the answer to `GET /v1/templates`. */
export const templateListSchema = z.looseObject({
  templates: z.array(listedSchema),
  next: z.string().nullish(),
});

/** What is shown of the versions of a template. */
export const templateVersionsSchema = z.looseObject({ versions: z.array(listedSchema) });

/** What is shown of a template in full; all of it is drawn and analysed. */
export const templateViewSchema = z.looseObject(templateSchema.shape);

/** What is shown of a template that was registered. */
export const createdTemplateSchema = z.looseObject({
  template: listedSchema,
  warnings: z.array(z.looseObject({ line: z.number(), column: z.number(), reason: z.string() })),
});

/** What is shown of the answer to `GET /v1/agents`. */
export const agentListSchema = z.looseObject({
  agents: z.array(
    z.looseObject(
      agentManifestSchema.pick({
        id: true,
        version: true,
        title: true,
        layer: true,
        capabilities: true,
        driver: true,
      }).shape,
    ),
  ),
});
