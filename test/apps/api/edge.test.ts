import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { errors } from '../../../libs/protocol/errors.js';
import { TestApi } from '../../support/api.js';
import { engineServer } from '../../support/engine.js';

const sentence = JSON.stringify({ request: 'review npm:ejs@1.0.0 and fix what is wrong' });
const reviewOf = (subject: string): string =>
  JSON.stringify({ template: 'repository-review', input: { subject } });

describe('at the edge', () => {
  let environment: TestWorkflowEnvironment;
  let api: TestApi;
  let roots: string;
  beforeAll(async () => {
    environment = await engineServer();
    roots = await realpath(await mkdtemp(join(tmpdir(), 'heptad-roots-')));
    api = await TestApi.start(environment, { subjectRoots: [roots] });
  });
  afterAll(async () => {
    await api?.remove();
    await rm(roots, { recursive: true });
    await environment?.teardown();
  });

  async function nothingStored(): Promise<void> {
    expect(await api.stored()).toEqual([]);
    const { count } = await environment.client.workflow.count();
    expect(count).toBe(0);
  }

  async function refused(body: string, headers: Record<string, string> = {}): Promise<unknown> {
    const answer = await api.send('/v1/runs', body, { 'idempotency-key': 'a-key', ...headers });
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(answer.body.status).toBe(answer.status);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
    await nothingStored();
    return answer.body;
  }

  test('a request without an Idempotency-Key is refused', async () => {
    expect(await refused(sentence, { 'idempotency-key': '' })).toMatchObject({
      code: 'IdempotencyKeyMissing',
    });
    expect(await refused(sentence, { 'idempotency-key': 'with space' })).toMatchObject({
      code: 'InputInvalid',
      problems: [{ path: 'Idempotency-Key' }],
    });
  });

  test.each(['{"request":', '', 'null,', '{"__proto__": {"polluted": true}}', '\u0000'])(
    'the body %j is refused as invalid JSON',
    async (body) => {
      expect(await refused(body)).toMatchObject({ code: 'JsonInvalid', status: 400 });
    },
  );

  test.each([
    ['[]', '/'],
    ['{}', '/template'],
    ['{"request": 5}', '/request'],
    ['{"request": ""}', '/request'],
    ['{"template": "repository-review", "input": "x"}', '/input'],
    ['{"template": "repository-review", "input": {}}', '/input/subject'],
    ['{"template": "repository-review", "input": {"subject": 5}}', '/input/subject'],
    ['{"template": "repository-review", "input": {"subject": "npm:a@1.0.0", "other": 1}}', '/input'],
  ])('the body %s is refused with the place %s', async (body, path) => {
    expect(await refused(body)).toMatchObject({
      code: 'InputInvalid',
      problems: [{ path: expect.stringContaining(path) }],
    });
  });

  test('a template that does not exist is refused', async () => {
    expect(await refused(JSON.stringify({ template: 'nothing', input: {} }))).toMatchObject({
      code: 'TemplateUnknown',
    });
  });

  test('a sentence that asks for nothing known is refused', async () => {
    expect(await refused(JSON.stringify({ request: 'what is the weather' }))).toMatchObject({
      code: 'RequestNotUnderstood',
    });
  });

  test.each([
    'ext::sh -c touch% /tmp/x',
    '--upload-pack=touch',
    'git+https://user:secret@example.org/x.git',
    'npm:../x@1.0.0',
    'npm:a\u0007@1.0.0',
  ])('the subject %j is refused', async (subject) => {
    expect(await refused(reviewOf(subject))).toMatchObject({
      code: expect.stringMatching(/^(SubjectInvalid|InputInvalid|SubjectNotAllowed)$/),
    });
  });

  test('a place outside the configured roots to deliver to, and a recipient that is none, are refused', async () => {
    const delivering = (target: object): string =>
      JSON.stringify({ request: 'review npm:ejs@1.0.0', deliver: [target] });
    expect(await refused(delivering({ kind: 'folder', path: '/etc' }))).toMatchObject({
      code: 'InputInvalid',
      problems: [{ path: '/deliver/0/path', reason: expect.stringContaining('HEPTAD_DELIVERY_ROOTS') }],
    });
    const encryptTo = `age1${'q'.repeat(58)}`;
    expect(await refused(delivering({ kind: 's3', bucket: 'packages', encryptTo }))).toMatchObject({
      code: 'InputInvalid',
      problems: [{ path: '/deliver/0/encryptTo', reason: expect.stringContaining('recipient') }],
    });
  });

  test('a folder outside the configured roots is refused, whatever is in it', async () => {
    for (const folder of [tmpdir(), `${roots}/../`, '/etc'])
      expect(await refused(reviewOf(folder))).toMatchObject({
        code: expect.stringMatching(/^Subject(NotAllowed|Invalid)$/),
      });
  });

  test('a folder that is missing, empty, or has links that lead out of it is refused', async () => {
    await mkdir(join(roots, 'empty'));
    await mkdir(join(roots, 'leads-out'));
    await writeFile(join(roots, 'leads-out', 'file'), '');
    await symlink('/etc', join(roots, 'leads-out', 'etc'));
    for (const name of ['missing', 'empty', 'leads-out'])
      expect(await refused(reviewOf(join(roots, name))), name).toMatchObject({
        code: expect.stringMatching(/^Subject(Unknown|Invalid|NotAllowed)$/),
      });
  });

  test('a body over 1 MB is refused by its declared length, before it is read', async () => {
    const answer = await new Promise<{ status: number | undefined; body: string }>((resolve, reject) => {
      const asking = request(`${api.url}/v1/runs`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'content-length': String(50 * 1024 * 1024),
          'idempotency-key': 'a-key',
        },
      });
      asking.on('error', reject);
      asking.on('response', (response) => {
        let body = '';
        response.on('data', (chunk) => (body += chunk));
        response.on('end', () => {
          resolve({ status: response.statusCode, body });
          asking.destroy();
        });
      });
      // Not one byte of the body is sent, and yet it is answered.
      asking.flushHeaders();
    });
    expect(answer.status).toBe(413);
    expect(JSON.parse(answer.body)).toMatchObject({ code: 'BodyTooLarge' });
    await nothingStored();
  });

  test('a body of 50 MB without a declared length is refused without being kept in memory', async () => {
    let sent = 0;
    const before = process.memoryUsage().arrayBuffers;
    let most = 0;
    const chunk = Buffer.alloc(64 * 1024, ' ');
    const body = Readable.from(
      (function* () {
        for (; sent < 50 * 1024 * 1024; sent += chunk.length) {
          most = Math.max(most, process.memoryUsage().arrayBuffers - before);
          yield chunk;
        }
      })(),
    );
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const asking = request(`${api.url}/v1/runs`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': 'a-key' },
      });
      asking.on('response', (response) => {
        response.resume();
        body.destroy();
        asking.destroy();
        resolve(response.statusCode);
      });
      asking.on('error', reject);
      body.pipe(asking);
    });
    expect(status).toBe(413);
    expect(sent).toBeLessThan(25 * 1024 * 1024);
    expect(most).toBeLessThan(25 * 1024 * 1024);
    await nothingStored();
  });

  test.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/xml',
  ])('a body sent as %s is refused', async (type) => {
    expect(await refused(sentence, { 'content-type': type })).toMatchObject({
      code: 'ContentTypeUnsupported',
    });
  });

  test('a body without a content type is refused', async () => {
    const answer = await api.ask('POST', '/v1/runs', {
      body: new Uint8Array(Buffer.from(sentence)),
      headers: { 'idempotency-key': 'a-key' },
    });
    expect(answer.body).toMatchObject({ code: 'ContentTypeUnsupported', status: 415 });
    await nothingStored();
  });

  test.each(['GET /nothing', 'GET /v1', 'PUT /v1/runs', 'DELETE /v1/agents', 'GET /v1/runs/a/b/c', 'GET /%'])(
    '%s is no route',
    async (route) => {
      const [method = '', path = ''] = route.split(' ');
      const { body } = await api.ask(method, path);
      expect(body).toMatchObject({ code: 'RouteUnknown', status: 404 });
    },
  );

  test.each([
    '/v1/runs/..%2f..%2fetc',
    '/v1/runs/UPPER',
    `/v1/runs/${'a'.repeat(27)}`,
    '/v1/runs/a/artifacts',
    '/v1/runs/a/events',
    '/v1/artifacts/sha256:12',
    `/v1/artifacts/md5:${'a'.repeat(64)}`,
    '/v1/templates/..%2fload',
    '/v1/runs?limit=0',
    '/v1/runs?limit=1000',
    "/v1/runs?template=x' OR 'a'='a",
    '/v1/runs?state=lost',
    '/v1/runs?unknown=1',
    '/v1/runs?cursor=%00',
    '/v1/runs?cursor=eAAAA',
  ])('%s is refused before anything is asked of the engine or the store', async (path) => {
    const { body } = await api.get(path);
    expect(body).toMatchObject({ code: 'InputInvalid', status: 400 });
    expect(body.problems).toHaveLength(1);
  });

  test('the type of a problem leads to what the table of errors says of it', async () => {
    const { body: problem } = await api.get('/v1/templates/none');
    const { status, body } = await api.get(problem.type);
    expect(status).toBe(200);
    expect(body).toEqual({
      type: problem.type,
      title: problem.title,
      status: problem.status,
      code: 'TemplateUnknown',
      retryable: false,
    });
    for (const code of Object.keys(errors)) expect((await api.get(`/problems/${code}`)).body.code).toBe(code);
    for (const code of ['None', 'toString', 'templateunknown'])
      expect(await api.get(`/problems/${code}`)).toMatchObject({
        status: 404,
        body: { code: 'RouteUnknown' },
      });
  });

  test('what is not there is told as unknown', async () => {
    const id = 'a'.repeat(26);
    for (const path of [`/v1/runs/${id}`, `/v1/runs/${id}/events`, `/v1/runs/${id}/artifacts`])
      expect((await api.get(path)).body).toMatchObject({ code: 'RunUnknown', status: 404 });
    for (const verb of ['pause', 'resume', 'cancel'])
      expect((await api.send(`/v1/runs/${id}/${verb}`, '{}')).body).toMatchObject({ code: 'RunUnknown' });
    expect((await api.get(`/v1/artifacts/sha256:${'0'.repeat(64)}`)).body).toMatchObject({
      code: 'ArtifactUnknown',
    });
    expect((await api.get('/v1/templates/none')).body).toMatchObject({ code: 'TemplateUnknown' });
  });
});
