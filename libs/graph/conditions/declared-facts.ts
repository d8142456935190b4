import type { Literal } from '../../contracts/condition.js';
import { endedWithoutResult, itemStatuses } from '../../contracts/graph.js';

/** One kind of value that a fact may have. `any` is what the schema does not say: it may be everything. */
export type Shape =
  | { readonly kind: 'any' | 'null' | 'boolean' | 'string' | 'object' }
  | ({ readonly kind: 'number' } & NumberRange)
  /** `passing`: a state that an item has left before a condition is looked at. */
  | { readonly kind: 'value'; readonly value: Literal; readonly passing?: boolean }
  | { readonly kind: 'list'; readonly of: FactType };

export interface NumberRange {
  readonly integer?: boolean;
  readonly least?: number;
  readonly most?: number;
  /** It is greater than this. */
  readonly above?: number;
  /** It is less than this. */
  readonly below?: number;
}

/** What a fact may be: one of these. Empty where the schema permits nothing. */
export type FactType = readonly Shape[];

/** What is declared at a path: a type, or that the name at `missing` is not declared beside the `known` ones. */
export type Declared =
  | { readonly type: FactType }
  | { readonly missing: number; readonly known: readonly string[] };

/** The facts that something has. */
export interface DeclaredFacts {
  /** @param names what leads to the fact, without whose it is */
  at(names: readonly string[]): Declared;
}

/**
 * The facts that a JSON Schema (2020-12) declares: by `type`, `properties`, `additionalProperties`, `items`, `enum`,
 * `const`, `anyOf`, `oneOf` and `$ref` into the schema itself. What depends on other keywords is `any`.
 *
 * An object with `properties` has those fields alone, unless `additionalProperties` is true or a schema. JSON Schema
 * would permit others, but a field that nobody declared is most often a misspelt one. An object without `properties`
 * has any field, unless `additionalProperties` is false.
 */
export const declaredFacts = (schema: unknown): DeclaredFacts => ({
  at: (names) => declaredAt(schema, names),
});

const anything: FactType = [{ kind: 'any' }];

/** What each item has beside its outcome; it wins over fields of the outcome with the same name. */
const ofEachItem: Readonly<Record<string, FactType>> = {
  status: itemStatuses.map((value) => ({
    kind: 'value',
    value,
    passing: value !== 'completed' && !endedWithoutResult.some((status) => status === value),
  })),
  accepted: [{ kind: 'boolean' }],
  code: [{ kind: 'string' }, { kind: 'null' }],
};

/** The facts of an item: `status`, `accepted`, `code`, and what the schema of its outcome declares, if it has one. */
export function itemFacts(schema: unknown = true): DeclaredFacts {
  const own = declaredFacts(schema);
  return {
    at: (names) => {
      const [name = '', ...others] = names;
      const type = Object.hasOwn(ofEachItem, name) ? ofEachItem[name] : undefined;
      if (type) return others.length === 0 ? { type } : { missing: 1, known: [] };
      const declared = own.at(names);
      return 'missing' in declared && declared.missing === 0
        ? { missing: 0, known: [...declared.known, ...Object.keys(ofEachItem)] }
        : declared;
    },
  };
}

type Schema = Readonly<Record<string, unknown>>;

function declaredAt(root: unknown, names: readonly string[]): Declared {
  let schemas = alternatives([root], root);
  for (const [index, name] of names.entries()) {
    const known = new Set<string>();
    const next: unknown[] = [];
    for (const schema of schemas) {
      const { fields, others } = fieldsOf(schema);
      for (const field of Object.keys(fields)) known.add(field);
      const field = Object.hasOwn(fields, name) ? fields[name] : others;
      // The schema `false` permits no such field.
      if (field !== false) next.push(field);
    }
    if (next.length === 0) return { missing: index, known: [...known] };
    schemas = alternatives(next, root);
  }
  return { type: schemas.flatMap((schema) => shapesOf(schema, root)) };
}

/** Keywords that say what a value is; a schema that has one of them is read by them. */
const structural = ['type', 'properties', 'additionalProperties', 'items', 'prefixItems', 'enum', 'const'];
/** Keywords by which an object may have fields that are not in its `properties`. */
const opening = [
  'anyOf',
  'oneOf',
  'allOf',
  '$ref',
  '$dynamicRef',
  'if',
  'patternProperties',
  'dependentSchemas',
];

/** The schemas that one of must hold, with references followed. Each is looked at once, so a circle ends. */
function alternatives(from: readonly unknown[], root: unknown): Schema[] {
  const seen = new Set<unknown>();
  const found: Schema[] = [];
  const left = [...from];
  for (let schema = left.shift(); schema !== undefined; schema = left.shift()) {
    if (schema === false || seen.has(schema)) continue;
    seen.add(schema);
    const { anyOf, oneOf, $ref } = isSchema(schema) ? schema : {};
    const choices = [anyOf, oneOf].filter((choice) => Array.isArray(choice));
    if (!isSchema(schema)) found.push({});
    else if (structural.some((keyword) => keyword in schema)) found.push(schema);
    else if (choices[0] && choices.length === 1 && $ref === undefined && !('allOf' in schema))
      left.push(...choices[0]);
    else if (typeof $ref === 'string' && choices.length === 0 && !('allOf' in schema))
      left.push(resolve($ref, root));
    else found.push({});
  }
  return found;
}

/** What a reference into the schema itself leads to; true, which permits everything, for all others. */
function resolve(reference: string, root: unknown): unknown {
  if (reference === '#') return root;
  if (!reference.startsWith('#/')) return true;
  let at: unknown = root;
  for (const step of reference.slice(2).split('/')) {
    const name = decoded(step).replaceAll('~1', '/').replaceAll('~0', '~');
    if (!isSchema(at) || !Object.hasOwn(at, name)) return true;
    at = at[name];
  }
  return at;
}

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    // It is no URI; such a name leads nowhere.
    return text;
  }
};

/** The fields of an object, and what others are: `false` where there are none. */
function fieldsOf(schema: Schema): { fields: Schema; others: unknown } {
  const mayBeObject =
    'type' in schema
      ? typesOf(schema).includes('object')
      : !('enum' in schema || 'const' in schema || 'items' in schema);
  if (!mayBeObject) return { fields: {}, others: false };
  const fields = isSchema(schema.properties) ? schema.properties : {};
  const open = opening.some((keyword) => keyword in schema);
  const undeclared = open || !isSchema(schema.properties);
  return { fields, others: schema.additionalProperties ?? undeclared };
}

/** @param within whether it is the schema of a list's elements */
function shapesOf(schema: Schema, root: unknown, within = false): Shape[] {
  if ('const' in schema) return [valueShape(schema.const)];
  if (Array.isArray(schema.enum)) return schema.enum.map(valueShape);
  if ('type' in schema) return typesOf(schema).map((type) => shapeOfType(type, schema, root, within));
  if ('properties' in schema || 'additionalProperties' in schema) return [{ kind: 'object' }];
  return 'items' in schema || 'prefixItems' in schema ? [listShape(schema, root, within)] : [{ kind: 'any' }];
}

function shapeOfType(type: unknown, schema: Schema, root: unknown, within: boolean): Shape {
  switch (type) {
    case 'null':
    case 'boolean':
    case 'string':
    case 'object':
      return { kind: type };
    case 'number':
    case 'integer':
      return { kind: 'number', ...rangeOf(schema), ...(type === 'integer' && { integer: true }) };
    case 'array':
      return listShape(schema, root, within);
    default:
      return { kind: 'any' };
  }
}

function rangeOf({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: Schema): NumberRange {
  return {
    ...(typeof minimum === 'number' && { least: minimum }),
    ...(typeof maximum === 'number' && { most: maximum }),
    ...(typeof exclusiveMinimum === 'number' && { above: exclusiveMinimum }),
    ...(typeof exclusiveMaximum === 'number' && { below: exclusiveMaximum }),
  };
}

/** What lists within lists have does not matter: they are no facts. */
function listShape(schema: Schema, root: unknown, within: boolean): Shape {
  if (within || 'prefixItems' in schema || !('items' in schema)) return { kind: 'list', of: anything };
  return {
    kind: 'list',
    of: alternatives([schema.items], root).flatMap((element) => shapesOf(element, root, true)),
  };
}

function valueShape(value: unknown): Shape {
  if (Array.isArray(value)) return { kind: 'list', of: anything };
  return typeof value === 'object' && value !== null
    ? { kind: 'object' }
    : { kind: 'value', value: value as Literal };
}

const typesOf = ({ type }: Schema): readonly unknown[] => (Array.isArray(type) ? type : [type]);

const isSchema = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
