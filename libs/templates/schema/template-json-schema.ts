import { z } from 'zod';
import { templateSchema } from '../../contracts/template.js';
import { isRecord } from '../check/schema-part.js';
import { fieldDescriptions } from './field-descriptions.js';

/** By what editors and validators know the schema. */
const id = 'urn:heptad:template';

let made: Readonly<Record<string, unknown>> | undefined;

/**
 * The JSON Schema (2020-12) of a template as people write it, with a description of each field for editors. It says
 * the form alone: what a template means is checked by `validateTemplate`.
 */
export function templateJsonSchema(): Readonly<Record<string, unknown>> {
  made ??= describe();
  return made;
}

function describe(): Readonly<Record<string, unknown>> {
  const { $schema, ...schema } = z.toJSONSchema(templateSchema, { io: 'input' });
  addDescriptions(schema, []);
  return {
    $schema,
    $id: id,
    title: 'Heptad template',
    description: 'A process as data: its items, what they wait for, and who does them.',
    ...schema,
  };
}

/** Describes each field of a schema and below. */
function addDescriptions(schema: unknown, names: readonly string[]): void {
  if (!isRecord(schema)) return;
  const { properties, items, additionalProperties, anyOf = [], oneOf = [] } = schema;
  const form = formOf(properties);
  const here = form === undefined ? names : [...names, form];
  for (const [name, field] of Object.entries(isRecord(properties) ? properties : {})) {
    const path = [...here, name];
    const description = descriptionOf(path);
    if (description !== undefined && isRecord(field)) Object.assign(field, { description });
    // Consumers have what items have.
    addDescriptions(field, ['items', 'consumers'].includes(name) && names.length === 0 ? ['item'] : path);
  }
  for (const below of [items, additionalProperties, ...listOf(anyOf), ...listOf(oneOf)])
    addDescriptions(below, names);
}

/** The `kind` that tells a form apart. */
function formOf(properties: unknown): string | undefined {
  const kind = isRecord(properties) ? properties.kind : undefined;
  return isRecord(kind) && typeof kind.const === 'string' ? kind.const : undefined;
}

/** The description of a field: by its name at the top, below by the one above it too. */
function descriptionOf(path: readonly string[]): string | undefined {
  const [name = ''] = path.slice(-1);
  if (path.length === 1) return fieldDescriptions[name];
  return fieldDescriptions[path.slice(-2).join('.')];
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
