import type { FieldDescription, SchemaDescription, StructDescription } from './describe-schema.js';

/**
 * Why programs of two versions of a schema could not read each other's messages, as sentences; none where they can.
 * What is new may be added: structs, and fields with ordinals after those that there were.
 */
export function schemaProblems(previous: SchemaDescription, next: SchemaDescription): string[] {
  const structs = new Map(next.structs.map((struct) => [struct.name, struct]));
  return [
    ...(previous.file === next.file ? [] : [`The id of the file was ${previous.file} and is ${next.file}.`]),
    ...previous.structs.flatMap((before) => {
      const after = structs.get(before.name);
      return after ? structProblems(before, after) : [`The struct ${before.name} is gone.`];
    }),
  ];
}

function structProblems(before: StructDescription, after: StructDescription): string[] {
  const fields = new Map(after.fields.map((field) => [field.name, field]));
  const known = new Set(before.fields.map(({ name }) => name));
  const last = Math.max(-1, ...before.fields.map(({ ordinal }) => ordinal));
  const added = after.fields.filter(({ name }) => !known.has(name));
  return [
    ...(before.id === after.id ? [] : [`The id of ${before.name} was ${before.id} and is ${after.id}.`]),
    ...before.fields.flatMap((field) => {
      const found = fields.get(field.name);
      const name = `${before.name}.${field.name}`;
      return found ? fieldProblems(name, field, found) : [`The field ${name} is gone.`];
    }),
    ...added
      .filter(({ ordinal }) => ordinal <= last)
      .map(
        ({ name, ordinal }) => `The new field ${before.name}.${name} has the number @${ordinal} of another.`,
      ),
  ];
}

function fieldProblems(name: string, before: FieldDescription, after: FieldDescription): string[] {
  const was = (what: string, one: string | number, other: string | number): string[] =>
    one === other ? [] : [`The ${what} of ${name} was ${one} and is ${other}.`];
  return [
    ...was('number', `@${before.ordinal}`, `@${after.ordinal}`),
    ...was('type', before.type, after.type),
    ...was('offset', before.offset, after.offset),
  ];
}
