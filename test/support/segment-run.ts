import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ArtifactStore } from '../../libs/artifacts/artifact-store.js';
import { openStore } from '../../libs/artifacts/open-store.js';
import type { SegmentItem } from '../../libs/contracts/activities.js';
import type { AgentManifest } from '../../libs/contracts/agent.js';
import type { ArtifactRef } from '../../libs/contracts/artifact.js';
import type { GraphItem, ItemResult } from '../../libs/contracts/graph.js';
import type { AcceptedRequest, Assignment, Execution } from '../../libs/contracts/phase.js';
import { templateSchema } from '../../libs/contracts/template.js';
import { microAgents } from '../../libs/roster/micro.js';
import { CheckList } from '../../libs/verification/check-list.js';
import type { Judged } from '../../libs/verification/judged.js';
import { trustIn } from './signers.js';
import { temporaryFolder } from './temporary-folder.js';

/** A run with one segment, whose plan is made by hand in a real store. */
export interface SegmentRun {
  readonly folder: string;
  readonly store: ArtifactStore;
  readonly accepted: ArtifactRef;
  readonly assignment: ArtifactRef;
  /** What the segment's activity is given. */
  readonly task: SegmentItem;
  /** Execute's output with this result of the segment, as a pass gets it. */
  readonly judged: (result: ItemResult) => Promise<Judged>;
}

/** Where the micro agents are, without a build. */
export const programsFolder = join(import.meta.dirname, '../../libs/agents');

export interface SegmentRunOptions {
  readonly input: Readonly<Record<string, unknown>>;
  /** Default: `input.lines`. */
  readonly over?: string;
  readonly chunk?: number;
  readonly tolerate?: number;
  /** When the segment is done. Default: where no input failed. */
  readonly done?: string;
  /** Default: that of log lines. */
  readonly agent?: AgentManifest;
  /** Outcomes of items before it, by item. */
  readonly before?: Readonly<Record<string, unknown>>;
}

const dayZero = '0'.repeat(64);

export async function segmentRun(options: SegmentRunOptions): Promise<SegmentRun> {
  const { input, over = 'input.lines', chunk = 10, tolerate = 0, before = {} } = options;
  const { done = 'result.failed == 0' } = options;
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'scratch'));
  const store = openStore(join(folder, 'store'));
  const [shipped] = microAgents;
  const manifest = options.agent ?? shipped;
  if (!manifest) throw new Error('There is no micro agent.');
  const template = templateSchema.parse({
    name: 'segments',
    version: '1.0.0',
    title: 'One segment',
    description: 'One segment.',
    input: { type: 'object' },
    items: [
      {
        id: 'lines',
        title: 'Lines',
        category: 'analysis',
        work: { kind: 'map', capability: 'classify.log-line', over, chunk, tolerate },
        done: { says: 'Each line is classified.', expression: done },
      },
    ],
  });
  const accepted: AcceptedRequest = {
    kind: 'accepted',
    request: {
      template: { name: 'segments', version: '1.0.0', digest: (await store.putJson(template)).digest },
      input,
      subject: { kind: 'directory', path: '/subject' },
    },
    captured: {
      subject: { kind: 'directory', path: '/subject' },
      title: '/subject',
      snapshot: { digest: `sha256:${dayZero}`, files: 0, bytes: 0 },
    },
    classification: {
      category: 'technical',
      complexity: 'simple',
      agents: 1,
      layers: ['micro'],
      reasons: ['By its template.'],
    },
    checks: [],
  };
  const agent = { id: manifest.id, manifest: (await store.putJson(manifest)).digest };
  const item: GraphItem = {
    id: 'lines',
    title: 'Lines',
    category: 'analysis',
    kind: 'map',
    body: 'lines',
    after: Object.keys(before),
    workspace: null,
    candidate: null,
    agents: [agent],
    timeoutMs: 60_000,
    repairs: null,
  };
  const assignment: Assignment = {
    kind: 'assignment',
    health: { [agent.id]: 'healthy' },
    items: [{ item: 'lines', capability: 'classify.log-line', agents: [agent], why: 'The only one.' }],
    test: null,
    dependencies: null,
    probes: [],
    budgets: { memoryBytes: 0, processes: 0 },
    graph: { items: [item], parallel: 1, repairs: 0 },
  };
  const refs = { accepted: await store.putJson(accepted), assignment: await store.putJson(assignment) };
  const inputs: Record<string, ArtifactRef> = {};
  for (const [name, outcome] of Object.entries(before)) inputs[name] = await store.putJson(outcome);
  return {
    folder,
    store,
    ...refs,
    task: { run: 'r', item, agent, ...refs, workspace: null, inputs },
    judged: async (result) => {
      const execution: Execution = {
        kind: 'execution',
        graph: assignment.graph,
        results: [result],
        unfinished: [],
      };
      return {
        run: 'r',
        phase: 'execute',
        round: 1,
        pass: 'A',
        input: refs,
        output: await store.putJson(execution),
        store,
        trust: async () => trustIn(),
        verified: new Set(),
      };
    },
  };
}

/** Lines of a log, each another one. */
export const linesOfLog = (count: number): string[] =>
  Array.from(
    { length: count },
    (_, n) => `2026-01-02T03:04:05Z ${n % 3 ? 'INFO' : 'ERROR'} part${n % 7}: took ${n} ms for "/${n}"`,
  );

/** What a pass found, by check. */
export async function found(
  judge: (checks: CheckList) => Promise<unknown>,
): Promise<Record<string, { ok: boolean; says: string }>> {
  const checks = new CheckList();
  await judge(checks);
  return Object.fromEntries(checks.checks.map(({ check, ok, says }) => [check, { ok, says }]));
}
