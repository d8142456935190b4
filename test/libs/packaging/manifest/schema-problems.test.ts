import { describe, expect, it } from 'vitest';
import type {
  FieldDescription,
  SchemaDescription,
} from '../../../../libs/packaging/manifest/describe-schema.js';
import { schemaProblems } from '../../../../libs/packaging/manifest/schema-problems.js';

const field = (name: string, ordinal: number, said: Partial<FieldDescription> = {}): FieldDescription => ({
  name,
  ordinal,
  offset: ordinal,
  type: 'Text',
  ...said,
});
const schema = (fields: FieldDescription[], said: Partial<SchemaDescription> = {}): SchemaDescription => ({
  file: 'f',
  structs: [{ name: 'S', id: 's', size: { data: 0, pointers: fields.length }, fields }],
  ...said,
});
const a = field('a', 0);
const b = field('b', 1);

describe('two versions of a schema', () => {
  it('fit where fields are added after the others, and structs', () => {
    const more = { name: 'T', id: 't', size: { data: 0, pointers: 0 }, fields: [] };
    const next = schema([a, b, field('c', 2)]);
    expect(schemaProblems(schema([a, b]), { ...next, structs: [...next.structs, more] })).toEqual([]);
  });

  it.each([
    ['a field is gone', schema([a]), 'The field S.b is gone.'],
    [
      'a field has another number',
      schema([a, field('b', 2, { offset: 1 })]),
      'The number of S.b was @1 and is @2.',
    ],
    [
      'a field has another type',
      schema([a, field('b', 1, { type: 'Data' })]),
      'The type of S.b was Text and is Data.',
    ],
    ['a field has moved', schema([a, field('b', 1, { offset: 4 })]), 'The offset of S.b was 1 and is 4.'],
    [
      'a new field takes a number',
      schema([a, b, field('c', 1)]),
      'The new field S.c has the number @1 of another.',
    ],
    ['the file has another id', schema([a, b], { file: 'g' }), 'The id of the file was f and is g.'],
    ['a struct is gone', schema([a, b], { structs: [] }), 'The struct S is gone.'],
    [
      'a struct has another id',
      schema([a, b], { structs: schema([a, b]).structs.map((struct) => ({ ...struct, id: 'x' })) }),
      'The id of S was s and is x.',
    ],
  ])('do not fit where %s', (_, next, problem) => {
    expect(schemaProblems(schema([a, b]), next)).toEqual([problem]);
  });
});
