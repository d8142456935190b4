import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { type RunningApi, startApi } from '../../apps/api/start.js';
import type { Config } from '../../libs/config/config.js';
import { paths } from '../../libs/config/paths.js';
import type { StartRun } from '../../libs/contracts/request.js';
import { temporalConfig } from './engine-of.js';
import { Contract } from './openapi.js';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: a test says what it expects of it
  readonly body: any;
}

type Changes = Partial<Omit<Config, 'api'>> & { readonly api?: Partial<Config['api']> };

/** The real API on a port of its own. What it answers is held against its OpenAPI document. */
export class TestApi {
  /** Routes that were asked, with each status, such as `GET /v1/runs 200`. */
  readonly asked = new Set<string>();

  private constructor(
    readonly config: Config,
    private readonly running: RunningApi,
    readonly contract: Contract,
  ) {}

  static async start(environment: TestWorkflowEnvironment, changes: Changes = {}): Promise<TestApi> {
    return await TestApi.on(await configOf(environment, changes));
  }

  private static async on(config: Config): Promise<TestApi> {
    const running = await startApi(config);
    const token = config.api.token;
    const response = await fetch(`${running.url}/openapi.json`, {
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    });
    return new TestApi(config, running, new Contract((await response.json()) as Contract['document']));
  }

  get url(): string {
    return this.running.url;
  }

  async ask(method: string, path: string, init: RequestInit = {}): Promise<Answer> {
    const response = await fetch(`${this.url}${path}`, { method, ...init });
    const text = await response.text();
    const type = response.headers.get('content-type');
    const body: unknown = type?.includes('json') ? JSON.parse(text) : text;
    const route = this.contract.routeOf(method, path.split('?')[0] ?? '');
    if (route) {
      this.contract.check(route, response.status, type, body);
      this.asked.add(`${route} ${response.status}`);
    }
    return { status: response.status, headers: response.headers, body };
  }

  get(path: string, headers: Record<string, string> = {}): Promise<Answer> {
    return this.ask('GET', path, { headers });
  }

  /** Sends a body as it is, as JSON unless the headers say otherwise. */
  send(path: string, body: string, headers: Record<string, string> = {}): Promise<Answer> {
    return this.ask('POST', path, { body, headers: { 'content-type': 'application/json', ...headers } });
  }

  startRun(body: StartRun, key: string): Promise<Answer> {
    return this.send('/v1/runs', JSON.stringify(body), { 'idempotency-key': key });
  }

  /** Files in the artifact store, entries included. */
  async stored(): Promise<string[]> {
    const found = await readdir(paths(this.config).artifacts, { recursive: true, withFileTypes: true });
    return found.filter((entry) => entry.isFile()).map(({ name }) => name);
  }

  async stop(): Promise<void> {
    await this.running.stop();
  }

  /** Another one on the same data folder and engine. */
  again(): Promise<TestApi> {
    return TestApi.on(this.config);
  }

  /** Stops it and removes its data folder. */
  async remove(): Promise<void> {
    await this.stop();
    await rm(this.config.data, { recursive: true });
  }
}

async function configOf(environment: TestWorkflowEnvironment, changes: Changes): Promise<Config> {
  const data = changes.data ?? (await mkdtemp(join(tmpdir(), 'heptad-api-')));
  return {
    data,
    cache: data,
    configFolder: data,
    tenant: 'local',
    logLevel: 'error',
    temporal: temporalConfig(environment),
    subjectRoots: [],
    deliveryRoots: [],
    s3: { endpoint: undefined, region: undefined, pathStyle: false },
    metricsPort: undefined,
    retentionDays: undefined,
    bubblewrap: undefined,
    path: '',
    ...changes,
    api: {
      host: '127.0.0.1',
      port: 0,
      token: undefined,
      rateLimit: 100_000,
      allowedHosts: [],
      ...changes.api,
    },
  };
}
