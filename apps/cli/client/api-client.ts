import { z } from 'zod';
import { type Discoveries, discoveriesSchema } from '../../../libs/contracts/item-history.js';
import { type Kpis, kpisSchema } from '../../../libs/contracts/kpis.js';
import { type Message, messageListSchema } from '../../../libs/contracts/message.js';
import { type RunProgress, runProgressSchema } from '../../../libs/contracts/progress.js';
import type { StartRun } from '../../../libs/contracts/request.js';
import {
  type Rerun,
  type Rollback,
  type RollbackPoint,
  rollbackPointsSchema,
} from '../../../libs/contracts/resumption.js';
import {
  type RunAccepted,
  type RunArtifact,
  type RunView,
  runAcceptedSchema,
  runArtifactsSchema,
  runListSchema,
  runViewSchema,
} from '../../../libs/contracts/run.js';
import type { DecideItem } from '../../../libs/contracts/steering.js';
import type { Waiver } from '../../../libs/contracts/waiver.js';
import { HeptadError } from '../../../libs/protocol/errors.js';
import { errorOfResponse } from './error-of-response.js';
import {
  agentListSchema,
  createdTemplateSchema,
  templateListSchema,
  templateVersionsSchema,
  templateViewSchema,
} from './listings.js';

/** Milliseconds until a request that is not answered is given up. */
const patience = 30_000;

const aliveSchema = z.object({ status: z.literal('alive') });

type TemplateList = z.infer<typeof templateListSchema>;

export interface TemplateFilter {
  readonly search?: string | undefined;
  readonly tag?: string | undefined;
  readonly category?: string | undefined;
  readonly archived?: 'true' | undefined;
}

export interface RunFilter {
  readonly state?: string | undefined;
  readonly template?: string | undefined;
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

/**
 * Speaks to the service over HTTP.
 *
 * Each method throws HeptadError: `ApiUnreachable` where nothing answers or what answers is not the service, else the
 * code that the service gave.
 */
export class ApiClient {
  /**
   * @param address such as `http://127.0.0.1:8080`, without a slash at the end
   * @param token sent as bearer token, where there is one
   */
  constructor(
    readonly address: string,
    private readonly token: string | undefined,
  ) {}

  /** Whether the service answers at its address. */
  async answers(): Promise<boolean> {
    try {
      await this.get('/healthz', aliveSchema);
      return true;
    } catch (error) {
      if (error instanceof HeptadError && error.code === 'ApiUnreachable') return false;
      throw error;
    }
  }

  startRun(body: StartRun, idempotencyKey: string): Promise<RunAccepted> {
    return this.post('/v1/runs', runAcceptedSchema, body, { 'idempotency-key': idempotencyKey });
  }

  runs(filter: RunFilter): Promise<z.infer<typeof runListSchema>> {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(filter))
      if (value !== undefined) query.set(name, String(value));
    return this.get(`/v1/runs${query.size === 0 ? '' : `?${query}`}`, runListSchema);
  }

  run(id: string): Promise<RunView> {
    return this.get(runPath(id), runViewSchema);
  }

  async artifacts(id: string): Promise<readonly RunArtifact[]> {
    return (await this.get(`${runPath(id)}/artifacts`, runArtifactsSchema)).artifacts;
  }

  async messages(id: string): Promise<readonly Message[]> {
    return (await this.get(`${runPath(id)}/messages`, messageListSchema)).messages;
  }

  progress(id: string): Promise<RunProgress> {
    return this.get(`${runPath(id)}/progress`, runProgressSchema);
  }

  kpis(id: string): Promise<Kpis> {
    return this.get(`${runPath(id)}/kpis`, kpisSchema);
  }

  /** What was discovered in a run, as far as the asker may see it. */
  discoveries(
    id: string,
    { includePrivate, labels }: { readonly includePrivate: boolean; readonly labels: readonly string[] },
  ): Promise<Discoveries> {
    const query = new URLSearchParams(labels.map((label): [string, string] => ['label', label]));
    if (includePrivate) query.set('include', 'private');
    return this.get(`${runPath(id)}/discoveries${query.size === 0 ? '' : `?${query}`}`, discoveriesSchema);
  }

  /** The JSON in an artifact. */
  async artifact<T>(digest: string, schema: z.ZodType<T>): Promise<T> {
    return this.get(`/v1/artifacts/${encodeURIComponent(digest)}`, schema);
  }

  steer(
    id: string,
    verb: 'pause' | 'resume' | 'cancel' | 'execute-next' | 'execute-parallel' | 'execute',
  ): Promise<RunView> {
    return this.post(`${runPath(id)}/${verb}`, runViewSchema, {}, {});
  }

  decide(id: string, decided: DecideItem): Promise<RunView> {
    return this.post(`${runPath(id)}/decisions`, runViewSchema, decided, {});
  }

  async rollbackPoints(id: string): Promise<readonly RollbackPoint[]> {
    return (await this.get(`${runPath(id)}/rollback-points`, rollbackPointsSchema)).points;
  }

  rollback(id: string, body: Rollback, idempotencyKey: string): Promise<RunAccepted> {
    return this.goOn(id, 'rollback', body, idempotencyKey);
  }

  rerun(id: string, body: Rerun, idempotencyKey: string): Promise<RunAccepted> {
    return this.goOn(id, 'rerun', body, idempotencyKey);
  }

  /** @param labels what they allow to be seen is handed on, too */
  continueRun(id: string, labels: readonly string[], idempotencyKey: string): Promise<RunAccepted> {
    const query = new URLSearchParams(labels.map((label): [string, string] => ['label', label]));
    return this.goOn(id, `continue${query.size === 0 ? '' : `?${query}`}`, {}, idempotencyKey);
  }

  waive(id: string, waiver: Waiver): Promise<RunView> {
    return this.post(`${runPath(id)}/waivers`, runViewSchema, waiver, {});
  }

  /** Every template that matches, page by page. */
  async templates(filter: TemplateFilter = {}): Promise<Pick<TemplateList, 'templates'>> {
    const templates: TemplateList['templates'] = [];
    let cursor: string | undefined;
    do {
      const query = new URLSearchParams();
      for (const [name, value] of Object.entries({ ...filter, cursor }))
        if (value !== undefined) query.set(name, value);
      const page = await this.get(`/v1/templates${query.size === 0 ? '' : `?${query}`}`, templateListSchema);
      templates.push(...page.templates);
      cursor = page.next ?? undefined;
    } while (cursor !== undefined);
    return { templates };
  }

  /** @param reference a name, `name@version` or digest */
  template(reference: string): Promise<z.infer<typeof templateViewSchema>> {
    return this.get(templatePath(reference), templateViewSchema);
  }

  templateVersions(name: string): Promise<z.infer<typeof templateVersionsSchema>> {
    return this.get(`${templatePath(name)}/versions`, templateVersionsSchema);
  }

  /** @param name of the template that it is a version of; undefined for a new name */
  registerTemplate(
    name: string | undefined,
    source: string,
    idempotencyKey: string,
  ): Promise<z.infer<typeof createdTemplateSchema>> {
    const path = name === undefined ? '/v1/templates' : `${templatePath(name)}/versions`;
    return this.post(path, createdTemplateSchema, { source }, { 'idempotency-key': idempotencyKey });
  }

  archiveTemplate(
    verb: 'archive' | 'unarchive',
    name: string,
    version: string | undefined,
  ): Promise<z.infer<typeof templateVersionsSchema>> {
    return this.post(`${templatePath(name)}/${verb}`, templateVersionsSchema, { version }, {});
  }

  async seedTemplates(): Promise<Pick<TemplateList, 'templates'>> {
    return await this.post('/v1/templates/seed', templateListSchema, {}, {});
  }

  agents(): Promise<z.infer<typeof agentListSchema>> {
    return this.get('/v1/agents', agentListSchema);
  }

  /** The open stream of a run's events, from after the event with the id `after`. */
  async events(id: string, after: string | undefined, signal: AbortSignal): Promise<Response> {
    const headers = {
      accept: 'text/event-stream',
      ...(after === undefined ? {} : { 'last-event-id': after }),
    };
    return this.request(`${runPath(id)}/events`, { headers, signal });
  }

  private goOn(id: string, verb: string, body: unknown, idempotencyKey: string): Promise<RunAccepted> {
    return this.post(`${runPath(id)}/${verb}`, runAcceptedSchema, body, {
      'idempotency-key': idempotencyKey,
    });
  }

  private async get<T>(path: string, schema: z.ZodType<T>): Promise<T> {
    const response = await this.request(path, {
      headers: { accept: 'application/json' },
      signal: AbortSignal.timeout(patience),
    });
    return this.parse(path, response, schema);
  }

  private async post<T>(
    path: string,
    schema: z.ZodType<T>,
    body: unknown,
    headers: Record<string, string>,
  ): Promise<T> {
    const response = await this.request(path, {
      method: 'POST',
      headers: { accept: 'application/json', 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(patience),
    });
    return this.parse(path, response, schema);
  }

  private async request(
    path: string,
    init: RequestInit & { headers: Record<string, string> },
  ): Promise<Response> {
    const authorization = this.token === undefined ? {} : { authorization: `Bearer ${this.token}` };
    let response: Response;
    try {
      response = await fetch(`${this.address}${path}`, {
        redirect: 'error',
        ...init,
        headers: { ...init.headers, ...authorization },
      });
    } catch (error) {
      const timedOut = error instanceof Error && error.name === 'TimeoutError';
      if (init.signal?.aborted === true && !timedOut) throw error;
      throw this.unreachable(reasonOf(error), error);
    }
    if (!response.ok) throw await errorOfResponse(response, this.address);
    return response;
  }

  private async parse<T>(path: string, response: Response, schema: z.ZodType<T>): Promise<T> {
    let body: unknown;
    try {
      body = await response.json();
    } catch (error) {
      const reason = error instanceof SyntaxError ? 'what answers is not Heptad' : reasonOf(error);
      throw this.unreachable(reason, error);
    }
    const parsed = schema.safeParse(body);
    if (parsed.success) return parsed.data;
    const problems = parsed.error.issues.map((issue) => ({
      path: `/${issue.path.map(String).join('/')}`,
      reason: issue.message,
    }));
    throw new HeptadError(
      'Unexpected',
      `${this.address}${path} answered something that this version of the command does not understand. ` +
        'Use the command of the same version as the service.',
      { problems },
    );
  }

  private unreachable(reason: string, cause: unknown): HeptadError {
    return new HeptadError(
      'ApiUnreachable',
      `The Heptad service does not answer at ${this.address}: ${reason}. ` +
        'Start it with `npm start`, or name another address with --server URL.',
      { cause },
    );
  }
}

const templatePath = (reference: string): string => `/v1/templates/${encodeURIComponent(reference)}`;
const runPath = (id: string): string => `/v1/runs/${encodeURIComponent(id)}`;

/** What lies under fetch's own message, which only says that it failed. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `no answer within ${patience / 1000} s`;
  const { cause } = error;
  if (cause instanceof AggregateError && cause.errors[0] instanceof Error) return cause.errors[0].message;
  return cause instanceof Error ? cause.message || cause.name : error.message;
}
