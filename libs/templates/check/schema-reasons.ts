import { Ajv2020 } from 'ajv/dist/2020.js';
import type { JsonSchema } from './outcome-schema.js';

/**
 * Tells why a value is no JSON Schema (2020-12, strict); null where it is one. The same schema is compiled once,
 * however many items have it.
 */
export function schemaReasons(): (schema: JsonSchema) => string | null {
  const known = new Map<string, string | null>();
  const ajv = new Ajv2020({ allErrors: true, strict: true, strictRequired: false, validateFormats: false });
  return (schema) => {
    const text = JSON.stringify(schema);
    const before = known.get(text);
    if (before !== undefined) return before;
    const reason = reasonOf(ajv, schema);
    known.set(text, reason);
    return reason;
  };
}

function reasonOf(ajv: Ajv2020, schema: JsonSchema): string | null {
  try {
    ajv.compile(schema);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    // Another schema may have the same $id.
    ajv.removeSchema(schema);
  }
}
