import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { json } from 'node:stream/consumers';
import { discoveriesSchema } from '../../libs/contracts/item-history.js';
import { type Kpis, kpisSchema } from '../../libs/contracts/kpis.js';
import { type Message, messageListSchema } from '../../libs/contracts/message.js';
import { problemSchema } from '../../libs/contracts/problem.js';
import { type RunProgress, runProgressSchema } from '../../libs/contracts/progress.js';
import { type StartRun, startRunSchema } from '../../libs/contracts/request.js';
import { type RollbackPoint, rollbackPointsSchema } from '../../libs/contracts/resumption.js';
import {
  type RunArtifact,
  type RunView,
  runAcceptedSchema,
  runArtifactsSchema,
  runListSchema,
  runSummarySchema,
  runViewSchema,
  type StreamedEvent,
  streamedEventSchema,
} from '../../libs/contracts/run.js';
import { type Waiver, waiverSchema } from '../../libs/contracts/waiver.js';
import { errors, HeptadError } from '../../libs/protocol/errors.js';

/** A run that the double knows. */
export interface RunScript {
  view: RunView;
  readonly events: StreamedEvent[];
  readonly artifacts: RunArtifact[];
  readonly messages?: readonly Message[];
  /** Of the progress, what is not as in a run that has no items. */
  readonly progress?: Partial<RunProgress>;
}

const progressOf = ({ view, progress = {} }: RunScript): RunProgress => ({
  run: view.id,
  state: view.state,
  currentPhase: view.phase,
  currentCategory: null,
  progress: view.closedAt === null ? 0 : 100,
  estimatedCompletion: null,
  activeAgents: [],
  blockers: [],
  tracker: { total_steps: 0, completed: 0, current_step: null, rollback_points: [] },
  ...progress,
});

const kpisOf = ({ view }: RunScript): Kpis => ({
  run: view.id,
  phase_durations: {
    analysis: 12.5,
    consolidation_1: null,
    implementation: null,
    testing: null,
    final_consolidation: null,
  },
  category_durations: { analysis: 12.5 },
  agent_performance: { success_rate: 1, average_execution_time: 4, resource_efficiency: null },
  quality_metrics: { test_coverage: null, documentation_completeness: null, error_rate: null },
});

/**
 * Speaks the service's protocol over real HTTP, with the same contracts, from scripts in memory. A stream of events
 * stays open until the run is sealed, and goes on when events are added.
 */
export class ApiDouble {
  readonly runs = new Map<string, RunScript>();
  readonly blobs = new Map<string, unknown>();
  /** What was accepted, by idempotency key. */
  readonly accepted = new Map<string, { body: StartRun; run: string }>();
  /** `METHOD path` of each request, with what it sent as Last-Event-ID. */
  readonly requests: { route: string; lastEventId: string | undefined; authorization: string | undefined }[] =
    [];
  /** Waivers that were sent. */
  readonly waivers: Waiver[] = [];
  /** Rollback points of every run. */
  readonly points: RollbackPoint[] = [];
  /** What was asked to go on from a run. */
  readonly continued: {
    readonly of: string;
    readonly verb: string;
    readonly body: unknown;
    readonly labels: readonly string[];
  }[] = [];
  readonly templates: unknown[] = [];
  readonly agents: unknown[] = [];
  /** What is answered for the discoveries of every run. */
  discoveries: unknown;
  /** The connection of a stream breaks after so many events, once for each number. */
  readonly breaks: number[] = [];
  /** Makes the script of a run that is accepted. */
  script: (run: string, body: StartRun) => RunScript = () => {
    throw new Error('The double was given no script.');
  };
  token: string | undefined;
  /** Runs in a page at most, whatever is asked for. */
  pageSize = 100;
  #server: Server | undefined;
  readonly #sockets = new Set<Socket>();
  readonly #streams = new Set<() => void>();

  /** @returns its address; on the port that it had before, where it had one */
  async start(port = 0): Promise<string> {
    const server = createServer((request, response) => {
      this.#answer(request, response).catch((error: unknown) => this.#refuse(response, error));
    });
    server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    return `http://127.0.0.1:${this.port}`;
  }

  get port(): number {
    const address = this.#server?.address();
    if (typeof address !== 'object' || address === null) throw new Error('The double does not listen.');
    return address.port;
  }

  /** Stops as a killed process does: every connection breaks. */
  async stop(): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    this.#server = undefined;
    await new Promise((resolve) => {
      server.close(resolve);
      for (const socket of this.#sockets) socket.destroy();
    });
    this.#streams.clear();
  }

  /** Adds a run, checked against the contracts. */
  add(script: RunScript): void {
    runViewSchema.parse(script.view);
    for (const event of script.events) streamedEventSchema.parse(event);
    this.runs.set(script.view.id, script);
  }

  /** Adds events to a run, and sends them to whoever streams it. */
  emit(run: string, ...events: StreamedEvent[]): void {
    this.#of(run).events.push(...events.map((event) => streamedEventSchema.parse(event)));
    for (const flush of this.#streams) flush();
  }

  /** How many streams are open. */
  get streams(): number {
    return this.#streams.size;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://double');
    const lastEventId = request.headers['last-event-id'];
    const { authorization } = request.headers;
    this.requests.push({
      route: `${request.method} ${url.pathname}${url.search}`,
      lastEventId: typeof lastEventId === 'string' ? lastEventId : undefined,
      authorization,
    });
    if (url.pathname === '/healthz') return send(response, 200, { status: 'alive' });
    if (this.token !== undefined && authorization !== `Bearer ${this.token}`)
      throw new HeptadError('Unauthorized');
    const [, version, noun, id, verb] = url.pathname.split('/').map(decodeURIComponent);
    if (version !== 'v1') throw new HeptadError('RouteUnknown');
    const key = `${request.method} ${noun}${id === undefined ? '' : '/:id'}${verb === undefined ? '' : `/${verb}`}`;
    switch (key) {
      case 'GET templates':
        return send(response, 200, { templates: this.templates });
      case 'GET agents':
        return send(response, 200, { agents: this.agents });
      case 'GET artifacts/:id': {
        if (!this.blobs.has(id ?? '')) throw new HeptadError('ArtifactUnknown');
        return send(response, 200, this.blobs.get(id ?? ''));
      }
      case 'POST runs':
        return send(response, 202, this.#start(request, await json(request)));
      case 'GET runs':
        return send(response, 200, this.#list(url.searchParams));
      case 'GET runs/:id':
        return send(response, 200, runViewSchema.parse(this.#of(id).view));
      case 'GET runs/:id/artifacts':
        return send(response, 200, runArtifactsSchema.parse({ artifacts: this.#of(id).artifacts }));
      case 'GET runs/:id/messages':
        return send(response, 200, messageListSchema.parse({ messages: this.#of(id).messages ?? [] }));
      case 'GET runs/:id/progress':
        return send(response, 200, runProgressSchema.parse(progressOf(this.#of(id))));
      case 'GET runs/:id/kpis':
        return send(response, 200, kpisSchema.parse(kpisOf(this.#of(id))));
      case 'GET runs/:id/discoveries':
        this.#of(id);
        return send(response, 200, discoveriesSchema.parse(this.discoveries));
      case 'GET runs/:id/events':
        return this.#stream(
          response,
          this.#of(id),
          typeof lastEventId === 'string' ? lastEventId : undefined,
        );
      case 'POST runs/:id/pause':
        return send(response, 202, this.#steer(id, 'pausing'));
      case 'POST runs/:id/resume':
        return send(response, 202, this.#steer(id, 'running'));
      case 'POST runs/:id/waivers': {
        const waiver = waiverSchema.parse(await json(request));
        this.waivers.push(waiver);
        const script = this.#of(id);
        script.view = { ...script.view, state: 'running', awaits: null };
        return send(response, 202, script.view);
      }
      case 'GET runs/:id/rollback-points':
        return send(response, 200, rollbackPointsSchema.parse({ points: this.points }));
      case 'POST runs/:id/rollback':
      case 'POST runs/:id/rerun':
      case 'POST runs/:id/continue': {
        const { view } = this.#of(id);
        const labels = url.searchParams.getAll('label');
        this.continued.push({ of: view.id, verb: verb ?? '', body: await json(request), labels });
        return send(response, 202, this.#start(request, { template: view.template, input: { subject: '' } }));
      }
      case 'POST runs/:id/cancel':
        return send(response, 202, this.#steer(id, 'cancelled'));
      default:
        throw new HeptadError('RouteUnknown');
    }
  }

  #start(request: IncomingMessage, raw: unknown): unknown {
    const key = request.headers['idempotency-key'];
    if (typeof key !== 'string') throw new HeptadError('IdempotencyKeyMissing');
    const body = startRunSchema.parse(raw);
    const before = this.accepted.get(key);
    if (before !== undefined && JSON.stringify(before.body) !== JSON.stringify(body))
      throw new HeptadError('IdempotencyKeyReused');
    if ('template' in body && body.template !== 'repository-review')
      throw new HeptadError('TemplateUnknown', `No template is called ${body.template}.`);
    if ('template' in body && typeof body.input.subject !== 'string')
      throw new HeptadError('InputInvalid', undefined, {
        problems: [
          { path: '/input', reason: "It must have the property 'subject'." },
          { path: '/input/test', reason: "It must have the property 'command'." },
        ],
      });
    const run = before?.run ?? `r${this.accepted.size + 1}`;
    if (before === undefined) {
      this.accepted.set(key, { body, run });
      this.add(this.script(run, body));
    }
    return runAcceptedSchema.parse({ id: run, state: this.#of(run).view.state, self: `/v1/runs/${run}` });
  }

  #list(query: URLSearchParams): unknown {
    const from = Number(query.get('cursor') ?? 0);
    const limit = Math.min(this.pageSize, Number(query.get('limit') ?? 20));
    const wanted = [...this.runs.values()]
      .map(({ view }) => view)
      .filter(({ state }) => (query.get('state') ?? state) === state)
      .filter(({ template }) => (query.get('template') ?? template) === template);
    const fields = Object.keys(runSummarySchema.shape);
    const runs = wanted
      .slice(from, from + limit)
      .map((view) => Object.fromEntries(Object.entries(view).filter(([name]) => fields.includes(name))));
    return runListSchema.parse({ runs, next: from + limit < wanted.length ? String(from + limit) : null });
  }

  #steer(id: string | undefined, state: RunView['state']): unknown {
    const script = this.#of(id);
    if (script.view.closedAt !== null) throw new HeptadError('RunClosed');
    script.view = { ...script.view, state };
    return script.view;
  }

  #stream(response: ServerResponse, script: RunScript, after: string | undefined): void {
    let next =
      after === undefined ? 0 : script.events.findIndex((event) => 'id' in event && event.id === after) + 1;
    if (script.view.sealed && next === script.events.length) {
      response.writeHead(204).end();
      return;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    // A short time to wait keeps tests short; a real service asks for more.
    response.write('retry: 10\n: open\n\n');
    const flush = (): void => {
      while (next < script.events.length) {
        const event = script.events[next];
        next += 1;
        const id = event && 'id' in event ? `id: ${event.id}\n` : '';
        response.write(`${id}event: ${event?.kind}\ndata: ${JSON.stringify(event)}\n\n`);
        if (this.breaks.includes(next)) {
          this.breaks.splice(this.breaks.indexOf(next), 1);
          // Only what was handed to the system before is sure to arrive.
          response.socket?.end();
          return;
        }
      }
      if (script.view.sealed) response.end();
    };
    this.#streams.add(flush);
    response.on('close', () => this.#streams.delete(flush));
    flush();
  }

  #of(id: string | undefined): RunScript {
    const script = this.runs.get(id ?? '');
    if (script === undefined) throw new HeptadError('RunUnknown', `No run has the id ${id}.`);
    return script;
  }

  #refuse(response: ServerResponse, error: unknown): void {
    const known = error instanceof HeptadError ? error : new HeptadError('Unexpected', String(error));
    const status = errors[known.code].status;
    const { code, message, problems } = known;
    const document = {
      type: `/problems/${code}`,
      title: errors[code].says,
      status,
      detail: message,
      code,
      problems,
    };
    send(response, status, problemSchema.parse(document), 'application/problem+json');
  }
}

function send(response: ServerResponse, status: number, body: unknown, type = 'application/json'): void {
  response.writeHead(status, { 'content-type': type });
  response.end(JSON.stringify(body));
}
