import { request } from 'node:http';
import { createServer } from 'node:net';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startApi } from '../../../apps/api/start.js';
import { TestApi } from '../../support/api.js';
import { engineServer } from '../../support/engine.js';

const token = 'a-token-of-some-length';

describe('who may use the API', () => {
  let environment: TestWorkflowEnvironment;
  const open: TestApi[] = [];
  beforeAll(async () => {
    environment = await engineServer();
  });
  afterAll(async () => {
    for (const api of open) await api.remove();
    await environment?.teardown();
  });

  async function started(changes: Parameters<typeof TestApi.start>[1] = {}): Promise<TestApi> {
    const api = await TestApi.start(environment, changes);
    open.push(api);
    return api;
  }

  /** Asks with headers that fetch would not let a caller set. */
  const withHeaders = (
    url: string,
    headers: Record<string, string>,
    method = 'GET',
  ): Promise<{ status: number; body: string }> =>
    new Promise((resolve, reject) => {
      const asking = request(url, { method, headers }, (response) => {
        let body = '';
        response.on('data', (chunk) => (body += chunk));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
      });
      asking.on('error', reject);
      asking.end();
    });

  test('a request by a name that is not ours is refused, so no site can be made to point here', async () => {
    const api = await started();
    const { port } = new URL(api.url);
    for (const host of [
      'evil.example',
      `evil.example:${port}`,
      '127.0.0.1',
      'localhost:1',
      `127.0.0.1.evil.example:${port}`,
    ]) {
      const answer = await withHeaders(`${api.url}/v1/runs`, { host });
      expect(answer.status, host).toBe(403);
      expect(JSON.parse(answer.body)).toMatchObject({ code: 'OriginRefused' });
    }
    for (const host of [`localhost:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`, `LOCALHOST:${port}`])
      expect((await withHeaders(`${api.url}/v1/runs`, { host })).status, host).toBe(200);
  });

  test('further names can be configured', async () => {
    const api = await started({ api: { allowedHosts: ['heptad.internal:443', 'api'] } });
    const { port } = new URL(api.url);
    expect((await withHeaders(`${api.url}/v1/runs`, { host: 'heptad.internal:443' })).status).toBe(200);
    expect((await withHeaders(`${api.url}/v1/runs`, { host: `api:${port}` })).status).toBe(200);
    expect((await withHeaders(`${api.url}/v1/runs`, { host: 'heptad.internal:444' })).status).toBe(403);
  });

  test('a page of another origin is refused, on another port of this machine too', async () => {
    const api = await started();
    const { port } = new URL(api.url);
    for (const origin of [
      'http://evil.example',
      'http://localhost:1',
      'null',
      'file://',
      `ftp://localhost:${port}`,
    ])
      for (const method of ['GET', 'POST'])
        expect((await withHeaders(`${api.url}/v1/runs`, { origin }, method)).status, origin).toBe(403);
    expect((await withHeaders(`${api.url}/v1/runs`, { origin: `http://localhost:${port}` })).status).toBe(
      200,
    );
  });

  test('no header lets a page of another origin read', async () => {
    const api = await started();
    const { headers } = await api.get('/v1/runs');
    expect([...headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
    expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
    expect((await api.ask('OPTIONS', '/v1/runs')).status).toBe(404);
  });

  test('with a token configured, each route but the probes demands it', async () => {
    const api = await started({ api: { token } });
    for (const authorization of ['', 'Bearer', 'Bearer wrong', `Basic ${token}`, `Bearer ${token}x`, token])
      expect(await api.get('/v1/runs', { authorization })).toMatchObject({
        status: 401,
        body: { code: 'Unauthorized' },
      });
    for (const path of ['/metrics', '/openapi.json', '/v1/agents', '/nothing'])
      expect((await api.ask('GET', path)).status, path).toBe(401);
    expect((await api.get('/v1/runs', { authorization: `Bearer ${token}` })).status).toBe(200);
    for (const path of ['/healthz', '/readyz']) expect((await api.get(path)).status).toBe(200);
  });

  test('an address that others can reach needs a token', async () => {
    const api = await started({ api: { host: '0.0.0.0', token } });
    expect((await api.get('/v1/runs')).status).toBe(401);
    expect((await api.get('/v1/runs', { authorization: `Bearer ${token}` })).status).toBe(200);
    await expect(
      startApi({ ...api.config, api: { ...api.config.api, token: undefined } }),
    ).rejects.toMatchObject({
      code: 'ConfigurationInvalid',
    });
  });

  test('who asks too often is told when to come back, before the token is looked at', async () => {
    const api = await started({ api: { rateLimit: 3, token } });
    const answers = [];
    for (let asked = 0; asked < 4; asked += 1) answers.push(await api.get('/nothing'));
    // One request was the document's.
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 429, 429]);
    expect(answers[3]?.body).toMatchObject({ code: 'RateLimited' });
    expect(Number(answers[3]?.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await api.get('/healthz')).status).toBe(200);
  });

  test('readiness is asked as often as clients may ask, and leaves them their requests', async () => {
    const api = await started({ api: { rateLimit: 2 } });
    const answers = [];
    for (let asked = 0; asked < 3; asked += 1) answers.push(await api.get('/readyz'));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 429]);
    expect(answers[2]?.body).toMatchObject({ code: 'RateLimited' });
    expect(Number(answers[2]?.headers.get('retry-after'))).toBeGreaterThan(0);
    // One request was the document's.
    expect((await api.get('/v1/agents')).status).toBe(200);
    expect((await api.get('/v1/agents')).status).toBe(429);
  });

  test('a port that is taken is an error that names it', async () => {
    const api = await started();
    const other = createServer();
    const port = await new Promise<number>((resolve) =>
      other.listen(0, '127.0.0.1', () => {
        const address = other.address();
        resolve(typeof address === 'object' && address ? address.port : 0);
      }),
    );
    try {
      await expect(startApi({ ...api.config, api: { ...api.config.api, port } })).rejects.toMatchObject({
        code: 'PortInUse',
        message: expect.stringContaining(`127.0.0.1:${port}`),
      });
    } finally {
      other.close();
    }
  });
});
