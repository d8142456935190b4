import { readFile } from 'node:fs/promises';
import SwaggerParser from '@apidevtools/swagger-parser';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { errors, isErrorCode } from '../../../libs/protocol/errors.js';
import { TestApi } from '../../support/api.js';
import { engineServer } from '../../support/engine.js';

interface Media {
  readonly schema?: object;
  readonly example?: unknown;
  readonly examples?: Readonly<Record<string, { readonly value: unknown }>>;
}
interface Documented {
  readonly description: string;
  readonly content?: Readonly<Record<string, Media>>;
}

describe('the OpenAPI document', () => {
  let environment: TestWorkflowEnvironment;
  let api: TestApi;
  // biome-ignore lint/suspicious/noExplicitAny: a document of JSON
  let document: any;
  beforeAll(async () => {
    environment = await engineServer();
    api = await TestApi.start(environment);
    document = (await api.get('/openapi.json')).body;
  });
  afterAll(async () => {
    await api?.remove();
    await environment?.teardown();
  });

  const operations = (): {
    route: string;
    responses: Record<string, Documented>;
    requestBody?: Documented;
  }[] =>
    Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods as Record<string, { responses: Record<string, Documented> }>).map(
        ([method, operation]) => ({
          route: `${method.toUpperCase()} ${path}`,
          ...operation,
        }),
      ),
    );

  test('is valid OpenAPI 3.1', async () => {
    const valid = await SwaggerParser.validate(structuredClone(document));
    expect(valid).toMatchObject({ openapi: '3.1.0', info: { title: 'Heptad' } });
  });

  test('has every route of the service, in the reference too', async () => {
    const reference = await readFile('docs/reference/api.md', 'utf8');
    const routes = operations().map(({ route }) => route);
    expect(routes).toHaveLength(41);
    expect(routes.filter((route) => !reference.includes(`\`${route}\``))).toEqual([]);
  });

  test('gives an example of each JSON answer, and each holds what its schema says', () => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    ajv.addSchema({ $id: 'heptad:openapi', components: document.components });
    const bodies = operations().flatMap(({ route, responses, requestBody }) => [
      ...Object.entries(responses).map(([status, response]) => ({ what: `${route} ${status}`, response })),
      ...(requestBody ? [{ what: `${route} body`, response: requestBody }] : []),
    ]);
    for (const { what, response } of bodies)
      for (const [type, { schema, example, examples }] of Object.entries(response.content ?? {})) {
        if (!type.endsWith('json') || what === 'GET /openapi.json 200') continue;
        const values =
          example === undefined ? Object.values(examples ?? {}).map(({ value }) => value) : [example];
        expect(values.length, what).toBeGreaterThan(0);
        const compiled = JSON.parse(
          JSON.stringify(schema).replaceAll('"#/components', '"heptad:openapi#/components'),
        );
        for (const value of values) {
          ajv.validate(compiled, value);
          expect(ajv.errorsText(), what).toBe('No errors');
        }
      }
  });

  test('names each error with a code of the table, under the status of the table', () => {
    const named = operations().flatMap(({ route, responses }) =>
      Object.entries(responses).flatMap(([status, { content }]) =>
        Object.keys(content?.['application/problem+json']?.examples ?? {}).map((code) => ({
          route,
          status,
          code,
        })),
      ),
    );
    expect(named.length).toBeGreaterThan(50);
    for (const { route, status, code } of named) {
      expect(isErrorCode(code) && errors[code].status, `${route} ${code}`).toBe(Number(status));
    }
  });
});
