import { z } from 'zod';

/**
 * The schemas that a part of a value can have, at a path into it. More than one for a union; of forms that are told
 * apart by a field only the one that the value names, where it names one.
 */
export function schemasAt(schema: z.ZodType, value: unknown, path: readonly PropertyKey[]): z.ZodType[] {
  let at: { schema: z.ZodType; value: unknown }[] = options(schema, value).map((one) => ({
    schema: one,
    value,
  }));
  for (const step of path)
    at = at.flatMap(({ schema: parent, value: whole }) => {
      const below = childOf(parent, step);
      const part = typeof whole === 'object' && whole !== null ? Reflect.get(whole, step) : undefined;
      return below ? options(below, part).map((one) => ({ schema: one, value: part })) : [];
    });
  return at.map(({ schema: one }) => one);
}

/** The fields that a value can have at a path into it; empty where their names are free. */
export const fieldsAt = (schema: z.ZodType, value: unknown, path: readonly PropertyKey[]): string[] => [
  ...new Set(
    schemasAt(schema, value, path).flatMap((one) =>
      one instanceof z.ZodObject ? Object.keys(one.shape) : [],
    ),
  ),
];

function childOf(schema: z.ZodType, step: PropertyKey): z.ZodType | undefined {
  if (schema instanceof z.ZodObject) return asType(schema.shape[String(step)]);
  if (schema instanceof z.ZodArray) return asType(schema.element);
  if (schema instanceof z.ZodRecord) return asType(schema.valueType);
  return undefined;
}

function options(schema: z.ZodType, value: unknown): z.ZodType[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault)
    return options(schemaOf(schema.unwrap()), value);
  if (!(schema instanceof z.ZodUnion)) return [schema];
  const all = schema.options.flatMap((one) => options(schemaOf(one), value));
  if (!(schema instanceof z.ZodDiscriminatedUnion)) return all;
  const { discriminator } = schema._zod.def;
  const named = typeof value === 'object' && value !== null ? Reflect.get(value, discriminator) : undefined;
  const form = all.filter(
    (one) =>
      one instanceof z.ZodObject && asType(one.shape[discriminator])?.safeParse(named).success === true,
  );
  return form.length > 0 ? form : all;
}

const asType = (schema: unknown): z.ZodType | undefined => (schema instanceof z.ZodType ? schema : undefined);

function schemaOf(schema: unknown): z.ZodType {
  if (schema instanceof z.ZodType) return schema;
  throw new TypeError('A schema of the contract is not one of zod.');
}
