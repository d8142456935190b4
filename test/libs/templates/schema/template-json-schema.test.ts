import { readdirSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { templateJsonSchema } from '../../../../libs/templates/schema/template-json-schema.js';

const folders = ['libs/templates', 'libs/templates/demo'];
const files = folders.flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => `${folder}/${name}`),
);

describe('the published JSON Schema of templates', () => {
  const validate = new Ajv2020({ strict: false, allErrors: true }).compile(templateJsonSchema());

  test.each(files)('accepts %s', (file) => {
    validate(parse(readFileSync(file, 'utf8')));
    expect(validate.errors ?? []).toEqual([]);
  });

  test('refuses what the contract refuses', () => {
    const [file = ''] = files;
    const template = parse(readFileSync(file, 'utf8'));
    template.items[0].tiemout = '1 minute';
    template.parallel = 0;
    delete template.title;
    expect(validate(template)).toBe(false);
    expect(validate.errors?.map(({ keyword }) => keyword).sort()).toEqual([
      'additionalProperties',
      'minimum',
      'required',
    ]);
  });

  test('describes every field in a sentence, for editors', () => {
    const bare: string[] = [];
    const look = (schema: unknown, path: string): void => {
      if (typeof schema !== 'object' || schema === null) return;
      for (const [key, below] of Object.entries(schema)) {
        if (key === 'properties')
          for (const [name, field] of Object.entries<Record<string, unknown>>(below)) {
            if (!/^["A-Z].*/.test(String(field.description ?? ''))) bare.push(`${path}/${name}`);
            look(field, `${path}/${name}`);
          }
        else look(below, path);
      }
    };
    look(templateJsonSchema(), '');
    expect(bare).toEqual([]);
    expect(templateJsonSchema()).toMatchObject({ $id: 'urn:heptad:template', title: 'Heptad template' });
  });
});
