import type { OpenAPIObject, StandardSchemaConverter } from '@nestjs/swagger';
import { z } from 'zod';
import { digestSchema } from '../../../libs/contracts/artifact.js';

type SchemaObject = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>[string];

/** A schema of the contracts as one of OpenAPI 3.1, which is JSON Schema 2020-12. */
export function toSchemaObject(schema: z.ZodType, io: 'input' | 'output'): SchemaObject {
  const { $schema, ...converted } = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      // The type is one of TypeScript's; its form has to be said to JSON Schema.
      if (zodSchema === digestSchema)
        Object.assign(jsonSchema, { type: 'string', pattern: '^sha256:[0-9a-f]{64}$' });
    },
  });
  return converted as SchemaObject;
}

/** How swagger turns the schemas that routes name. */
export const convertSchema: StandardSchemaConverter = (schema, { schemaType }) =>
  schema instanceof z.ZodType ? { schema: toSchemaObject(schema, schemaType) } : undefined;
