import type { JsonSchema } from './outcome-schema.js';

/** What a JSON Schema says of a part: its schema; that there is none, and which there are; or nothing. */
export type SchemaPart =
  | { readonly kind: 'declared'; readonly schema: JsonSchema }
  | { readonly kind: 'undeclared'; readonly names: readonly string[] }
  | { readonly kind: 'open' };

const open: SchemaPart = { kind: 'open' };

/**
 * The part of a JSON Schema that some names lead to, through `properties` alone: where a schema says it in another way
 * nothing is known. A name is undeclared where others are listed and it is not.
 */
export function schemaPart(schema: JsonSchema, names: readonly string[]): SchemaPart {
  let at: JsonSchema = schema;
  for (const name of names) {
    if (['$ref', 'anyOf', 'oneOf', 'allOf', 'if', 'patternProperties'].some((keyword) => keyword in at))
      return open;
    const { properties, additionalProperties } = at;
    if (!isRecord(properties)) return open;
    const next = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (next === undefined && isRecord(additionalProperties)) return open;
    if (next === undefined) return { kind: 'undeclared', names: Object.keys(properties) };
    if (!isRecord(next)) return open;
    at = next;
  }
  return { kind: 'declared', schema: at };
}

export const isRecord = (value: unknown): value is JsonSchema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
