import { z } from 'zod';
import { agentManifestSchema } from '../../../libs/contracts/agent.js';

/** What is shown of the answer to `GET /v1/templates`. */
export const templateListSchema = z.looseObject({
  templates: z.array(
    z.looseObject({ name: z.string(), version: z.string(), title: z.string(), description: z.string() }),
  ),
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
