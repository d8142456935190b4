import { readFileSync } from 'node:fs';
import { cp, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { vi } from 'vitest';
import { type PartName, type Stack, type StackOptions, startStack } from '../../apps/local/stack.js';
import type { ArtifactStore } from '../../libs/artifacts/artifact-store.js';
import { openStore } from '../../libs/artifacts/open-store.js';
import { type Config, readConfig } from '../../libs/config/config.js';
import { paths } from '../../libs/config/paths.js';
import type { StartRun } from '../../libs/contracts/request.js';
import type { RunAccepted, RunView } from '../../libs/contracts/run.js';
import type { TestPlan } from '../../libs/contracts/subject.js';
import { sealEntryName } from '../../libs/evidence/seal-entry.js';
import { sweepScheduleId } from '../../libs/protocol/names.js';
import { connectLazily, type Engine } from '../../libs/temporal/connect.js';
import { freePort } from './free-port.js';
import { until } from './until.js';

const tiny = fileURLToPath(new URL('../fixtures/tiny', import.meta.url));

/**
 * What makes of the fixture a subject on which every strategy keeps the tests, so that nothing has to be repaired and
 * a run is shorter.
 */
export const sound = {
  'lib/stack.js': [
    'function Stack() {}',
    'Stack.prototype.push = function (item) {',
    '  this.items = (this.items || []).concat(item);',
    '  return this;',
    '};',
    'Stack.prototype.top = function () {',
    '  var items = this.items || [];',
    '  return items[items.length - 1];',
    '};',
    'module.exports = Stack;',
    '',
  ].join('\n'),
} as const;

/** The template of a review as it is shipped, as an option of {@link LiveStack.review}. */
export const shipped = { template: 'repository-review' } as const;

/** The same with the shortest search for Model D, which is most of what a review of a small fixture takes. */
const shortReview = {
  name: 'short-review',
  source: [
    readFileSync(new URL('../../libs/templates/repository-review.yaml', import.meta.url), 'utf8').replace(
      /^name: .*$/m,
      'name: short-review',
    ),
    'merge: { evaluations: 2, seconds: 300 }',
    '',
  ].join('\n'),
} as const;

const partNames: readonly PartName[] = ['engine', 'control', 'agents', 'verify'];

/** The local stack as people start it: a real server and real processes, on a data folder and ports of its own. */
export class LiveStack {
  private runs = 0;

  private constructor(
    /** Everything of it is in this folder. */
    readonly root: string,
    readonly config: Config,
    /** Our own connection to its server, which outlives kills of the server. */
    readonly engine: Engine,
    readonly store: ArtifactStore,
    private readonly stack: Stack,
  ) {}

  /** @param programs programs in place of the built ones */
  static async start({ programs }: Pick<StackOptions, 'programs'> = {}): Promise<LiveStack> {
    const root = await realpath(await mkdtemp(join(tmpdir(), 'heptad-system-')));
    const [port, uiPort, apiPort] = [await freePort(), await freePort(), await freePort()];
    for (const folder of ['subjects', 'tmp']) await mkdir(join(root, folder));
    // Its processes get a folder for temporary files of their own, so that what they leave there can be seen.
    vi.stubEnv('TMPDIR', join(root, 'tmp'));
    const base = readConfig();
    const config: Config = {
      ...base,
      data: join(root, 'data'),
      configFolder: join(root, 'config'),
      logLevel: 'info',
      temporal: { ...base.temporal, address: `127.0.0.1:${port}`, external: false, port, uiPort },
      api: { ...base.api, host: '127.0.0.1', port: apiPort, token: undefined, rateLimit: 1_000_000 },
      subjectRoots: [join(root, 'subjects')],
      metricsPort: undefined,
    };
    const options = { config, ...(programs ? { programs } : {}), say: () => undefined };
    const stack = await startStack(options).catch(async (error: unknown) => {
      await rm(root, { recursive: true });
      throw error;
    });
    const live = new LiveStack(
      root,
      config,
      connectLazily(config),
      openStore(paths(config).artifacts),
      stack,
    );
    await live.offer(shortReview);
    return live;
  }

  /** Stops it and removes all that it has on disk. */
  async remove(): Promise<void> {
    await this.engine.close();
    await this.stack.stop();
    vi.unstubAllEnvs();
    await rm(this.root, { recursive: true });
  }

  /** The folder for temporary files of its processes. */
  get temporaryFiles(): string {
    return join(this.root, 'tmp');
  }

  get url(): string {
    return this.stack.addresses.api;
  }

  /** Kills a part, or all at once, as `kill -9` does. Resolves with the moment of the kill. */
  async kill(...parts: readonly PartName[]): Promise<number> {
    const at = Date.now();
    await Promise.all((parts.length > 0 ? parts : partNames).map((part) => this.stack.kill(part)));
    return at;
  }

  /** Starts what is down. Resolves with the moment at which it answers. */
  async restart(...parts: readonly PartName[]): Promise<number> {
    const down = parts.length > 0 ? parts : partNames;
    if (down.includes('engine')) await this.stack.restart('engine');
    await Promise.all(down.filter((part) => part !== 'engine').map((part) => this.stack.restart(part)));
    return Date.now();
  }

  /** A copy of the small fixture below the folder for subjects, with other or further files. */
  async subject(name: string, files: Readonly<Record<string, string>> = {}): Promise<string> {
    const folder = join(this.root, 'subjects', name);
    await cp(tiny, folder, { recursive: true });
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
    return folder;
  }

  /** A copy of a fixture below the folder for subjects. */
  async fixture(name: string): Promise<string> {
    const folder = join(this.root, 'subjects', name);
    await cp(join(dirname(tiny), name), folder, { recursive: true });
    return folder;
  }

  /**
   * Starts a review by HTTP and returns the id of the run, which is accepted then.
   *
   * @param options.template default: the shipped one, with a search for Model D of one generation
   */
  review(
    subject: string,
    test?: Partial<TestPlan>,
    { template = shortReview.name, ...options }: Pick<StartRun, 'waiverWindow'> & { template?: string } = {},
  ): Promise<string> {
    return this.start({ template, input: { subject, ...(test ? { test } : {}) }, ...options });
  }

  private async offer({ source }: typeof shortReview): Promise<void> {
    const answer = await fetch(`${this.url}/v1/templates`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': 'short-review' },
      body: JSON.stringify({ source }),
    });
    if (answer.status !== 201) throw new Error(`${answer.status}: ${await answer.text()}`);
  }

  /** Starts a run by HTTP and returns its id; it is accepted then. */
  async start(body: StartRun): Promise<string> {
    this.runs += 1;
    const answer = await fetch(`${this.url}/v1/runs`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': `system-${this.runs}` },
      body: JSON.stringify(body),
    });
    if (answer.status !== 202) throw new Error(`${answer.status}: ${await answer.text()}`);
    return ((await answer.json()) as RunAccepted).id;
  }

  /** What the API says of a run. */
  async view(run: string): Promise<RunView> {
    const answer = await fetch(`${this.url}/v1/runs/${run}`);
    if (!answer.ok) throw new Error(`${answer.status}: ${await answer.text()}`);
    return (await answer.json()) as RunView;
  }

  /** Pauses, resumes or cancels a run by HTTP. */
  async steer(run: string, verb: 'pause' | 'resume' | 'cancel'): Promise<void> {
    const answer = await fetch(`${this.url}/v1/runs/${run}/${verb}`, { method: 'POST' });
    if (!answer.ok) throw new Error(`${answer.status}: ${await answer.text()}`);
  }

  /** Waits until the view of a run is as it is wanted. */
  async untilView(run: string, what: string, wanted: (view: RunView) => boolean): Promise<RunView> {
    return await until(`run ${run}: ${what}`, async () => {
      const view = await this.view(run);
      return wanted(view) && view;
    });
  }

  /** Whether a run is sealed, by the artifact store, which answers when everything is down. */
  async isSealed(run: string): Promise<boolean> {
    return (await this.store.entries.get(sealEntryName(run))) !== undefined;
  }

  /** Waits until a run has ended and is sealed; `timeout` in milliseconds. */
  async untilSealed(run: string, timeout?: number): Promise<RunView> {
    await until(`run ${run} being sealed`, () => this.isSealed(run), timeout);
    return await this.view(run);
  }

  /** What the schedule does every few minutes, at once. */
  async sweep(): Promise<void> {
    await this.engine.client.schedule.getHandle(sweepScheduleId).trigger();
  }
}
