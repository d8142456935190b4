import { readFile } from 'node:fs/promises';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createIntakeActivities } from '../../../activities/intake/index.js';
import { openStore } from '../../../libs/artifacts/open-store.js';
import { paths } from '../../../libs/config/paths.js';
import { parsedRequestSchema } from '../../../libs/contracts/request.js';
import { templateJsonSchema } from '../../../libs/templates/schema/template-json-schema.js';
import { runIdOf } from '../../../libs/temporal/run-id.js';
import { type Answer, TestApi } from '../../support/api.js';
import { answeredRoutes, documentedRoutes } from '../../support/documented-routes.js';
import { engineServer } from '../../support/engine.js';

describe('templates over HTTP', () => {
  let environment: TestWorkflowEnvironment;
  let api: TestApi;
  let sound: string;
  beforeAll(async () => {
    environment = await engineServer();
    api = await TestApi.start(environment);
    sound = await readFile('test/libs/templates/bad-templates/sound.yaml', 'utf8');
  });
  afterAll(async () => {
    await api?.remove();
    await environment?.teardown();
  });

  const named = (name: string, version = '1.0.0'): string =>
    sound.replace('name: sample', `name: ${name}`).replace('version: 1.0.0', `version: ${version}`);
  const post = (path: string, body: unknown, key?: string): Promise<Answer> =>
    api.send(path, JSON.stringify(body), key === undefined ? {} : { 'idempotency-key': key });
  const create = (source: string, key: string) => post('/v1/templates', { source }, key);

  test('are registered once, and the same key with the same text has the same answer', async () => {
    const first = await create(named('first'), 'first');
    expect(first).toMatchObject({
      status: 201,
      body: { template: { name: 'first', version: '1.0.0' }, warnings: [] },
    });
    expect(await create(named('first'), 'first')).toMatchObject({ status: 201, body: first.body });
    expect(await create(named('first'), 'another')).toMatchObject({
      status: 409,
      body: { code: 'TemplateExists' },
    });
    expect(await create(named('other'), 'first')).toMatchObject({
      status: 409,
      body: { code: 'IdempotencyKeyReused' },
    });
    expect(await post('/v1/templates', { source: named('keyless') })).toMatchObject({
      status: 400,
      body: { code: 'IdempotencyKeyMissing' },
    });
    expect((await api.get('/v1/templates/first')).body).toMatchObject({
      name: 'first',
      origin: 'created',
      archived: false,
    });
    expect((await api.get(`/v1/templates/${first.body.template.digest}`)).body.name).toBe('first');
  });

  test('that are bad are refused with every problem, and nothing is stored', async () => {
    const before = await api.stored();
    const bad = named('bad')
      .replace('fallback: guess', 'fallback: gues')
      .replace('parallel: 3', 'paralel: 3');
    const refused = await create(bad, 'bad');
    expect(refused).toMatchObject({ status: 422, body: { code: 'TemplateInvalid' } });
    expect(refused.body.problems).toEqual([
      { path: '/paralel', reason: '13:10: There is no field "paralel" here; did you mean "parallel"?' },
      { path: '/items/0/fallback', reason: '28:15: There is no item "gues"; did you mean "guess"?' },
    ]);
    expect(await post('/v1/templates/validate', { source: bad })).toMatchObject({
      status: 200,
      body: { valid: false, problems: [{ line: 13, column: 10, path: '/paralel' }, { line: 28 }] },
    });
    expect((await post('/v1/templates/validate', { source: sound })).body).toEqual({
      valid: true,
      problems: [],
      warnings: [],
    });
    expect(await api.stored()).toEqual(before);
  });

  test('of as many bytes as a large one has are taken', async () => {
    const source = `${sound}# ${'x'.repeat(3 * 1024 * 1024)}\n`;
    expect((await post('/v1/templates/validate', { source })).body.valid).toBe(true);
  });

  test('have versions, of which each is higher than all before', async () => {
    await create(named('versioned'), 'versioned');
    const version = (source: string, key: string) =>
      post('/v1/templates/versioned/versions', { source }, key);
    expect((await version(named('versioned', '1.10.0'), 'v2')).status).toBe(201);
    expect(await version(named('versioned', '1.9.0'), 'v3')).toMatchObject({
      status: 409,
      body: { code: 'TemplateExists' },
    });
    expect(await version(named('another', '2.0.0'), 'v4')).toMatchObject({
      status: 400,
      body: { code: 'InputInvalid' },
    });
    expect(await post('/v1/templates/nothing/versions', { source: named('nothing') }, 'v5')).toMatchObject({
      status: 404,
      body: { code: 'TemplateUnknown' },
    });
    const { versions } = (await api.get('/v1/templates/versioned/versions')).body;
    expect(versions.map(({ version: one }: { version: string }) => one)).toEqual(['1.10.0', '1.0.0']);
    expect((await api.get('/v1/templates/versioned')).body.version).toBe('1.10.0');
  });

  test('are listed in pages, searched and filtered', async () => {
    for (const name of ['page-a', 'page-b', 'page-c']) await create(named(name), name);
    const names: string[] = [];
    let cursor: string | null = '';
    for (let pages = 0; cursor !== null; pages += 1) {
      expect(pages).toBeLessThan(10);
      const query: string = `?search=page-&limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`;
      const answer: Answer = await api.get(`/v1/templates${query}`);
      const { templates, next } = answer.body;
      names.push(...templates.map(({ name }: { name: string }) => name));
      cursor = next;
    }
    expect(names).toEqual(['page-a', 'page-b', 'page-c']);
    expect((await api.get('/v1/templates?tag=review')).body.templates).toMatchObject([
      { name: 'repository-review' },
    ]);
    expect((await api.get('/v1/templates?category=nothing')).body.templates).toEqual([]);
    expect((await api.get('/v1/templates?cursor=x')).status).toBe(400);
  });

  test('that are archived start no run, are listed apart, and can be taken back', async () => {
    await create(named('archived'), 'archived');
    expect((await post('/v1/templates/archived/archive', {})).body.versions).toMatchObject([
      { archived: true },
    ]);
    const run = { template: 'archived', input: { subject: 'npm:ejs@1.0.0' } };
    expect(await api.startRun(run, 'of-archived')).toMatchObject({
      status: 409,
      body: { code: 'TemplateArchived' },
    });
    expect((await api.get('/v1/templates/archived')).body.archived).toBe(true);
    const namesOf = async (query: string) =>
      (await api.get(`/v1/templates${query}`)).body.templates.map(({ name }: { name: string }) => name);
    expect(await namesOf('?search=archived')).toEqual([]);
    expect(await namesOf('?search=archived&archived=true')).toEqual(['archived']);
    await post('/v1/templates/archived/unarchive', {});
    expect((await api.startRun(run, 'of-archived')).status).toBe(202);
    expect((await post('/v1/templates/nothing/archive', {})).status).toBe(404);
  });

  test('are followed by a run as they were when it was accepted, whatever becomes of them', async () => {
    await create(named('followed'), 'followed');
    const body = { template: 'followed', input: { subject: 'npm:ejs@1.0.0' } };
    expect((await api.startRun(body, 'follows')).status).toBe(202);
    await post('/v1/templates/followed/versions', { source: named('followed', '2.0.0') }, 'followed-2');
    await post('/v1/templates/followed/archive', { version: '1.0.0' });
    // What the phase ingest does with the request, which it does after all of this.
    const store = openStore(paths(api.config).artifacts);
    const intake = createIntakeActivities({ store, scratch: api.config.data, roots: [], deliveryRoots: [] });
    const parse = async (run: string) => {
      const request = await store.putJson(body);
      const { parsed } = await intake.parseRequest({ run, tenant: 'local', request, waiverWindowMs: 0 });
      return (await store.getJson(parsed.digest, parsedRequestSchema)).template.version;
    };
    expect(await parse(runIdOf('local', 'follows'))).toBe('1.0.0');
    expect(await parse('another')).toBe('2.0.0');
    // The answer to its key is the run, not that its template is archived.
    expect((await api.startRun(body, 'follows')).status).toBe(202);
  });

  test('can be seeded, described by a schema, analysed and drawn', async () => {
    const { templates } = (await post('/v1/templates/seed', {})).body;
    expect(templates.map(({ name }: { name: string }) => name)).toEqual(['architecture-map', 'code-survey']);
    expect((await api.get('/v1/templates/schema')).body).toEqual(
      JSON.parse(JSON.stringify(templateJsonSchema())),
    );
    expect((await api.get('/v1/templates/code-survey/parallelism')).body).toMatchObject({
      levels: [['code'], ['architecture', 'infrastructure'], ['consolidation']],
    });
    const picture = await api.get('/v1/templates/code-survey@1.0.0/graph.svg');
    expect(picture.headers.get('content-type')).toContain('image/svg+xml');
    expect(picture.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(picture.body).toContain('<svg');
    expect((await api.get('/v1/templates/nothing/graph.svg')).body.code).toBe('TemplateUnknown');
  });

  test('every route of theirs was answered', () => {
    expect([...answeredRoutes(api)]).toEqual(expect.arrayContaining(documentedRoutes(api, 'templates')));
  });
});
