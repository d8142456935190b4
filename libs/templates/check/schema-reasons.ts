import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import type { JsonSchema } from './outcome-schema.js';

/** Why a value is no JSON Schema. */
export interface SchemaReason {
  /** Where in it, as a JSON pointer; empty where that cannot be told. */
  readonly path: string;
  readonly reason: string;
}

let ajv: Ajv2020 | undefined;

/**
 * Tells why a value is no JSON Schema (2020-12, strict); null where it is one. The same schema is compiled once,
 * however many items have it.
 */
export function schemaReasons(): (schema: JsonSchema) => SchemaReason | null {
  const known = new Map<string, SchemaReason | null>();
  return (schema) => {
    const text = JSON.stringify(schema);
    const before = known.get(text);
    if (before !== undefined) return before;
    const reason = reasonOf(schema);
    known.set(text, reason);
    return reason;
  };
}

function reasonOf(schema: JsonSchema): SchemaReason | null {
  ajv ??= new Ajv2020({ allErrors: true, strict: true, strictRequired: false, validateFormats: false });
  try {
    if (ajv.validateSchema(schema) !== true) return reasonOfError(ajv.errors?.[0]);
    ajv.compile(schema);
    return null;
  } catch (error) {
    return { path: '', reason: error instanceof Error ? error.message : String(error) };
  } finally {
    // Another schema may have the same $id.
    ajv.removeSchema(schema);
  }
}

function reasonOfError(error: ErrorObject | undefined): SchemaReason {
  const allowed: unknown = error?.params.allowedValues;
  const reason = Array.isArray(allowed) ? `it is one of ${allowed.join(', ')}` : `it ${error?.message}`;
  return { path: error?.instancePath ?? '', reason };
}
