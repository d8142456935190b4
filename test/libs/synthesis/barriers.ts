import { join } from 'node:path';
import type { ArtifactStore } from '../../../libs/artifacts/artifact-store.js';
import { openStore } from '../../../libs/artifacts/open-store.js';
import type { BarrierItem } from '../../../libs/contracts/activities.js';
import type { ItemResult, UnfinishedItem, WorkGraph } from '../../../libs/contracts/graph.js';
import type { AcceptedRequest, Assignment } from '../../../libs/contracts/phase.js';
import { candidateReportSchema } from '../../../libs/contracts/reports/candidate.js';
import { type Template, templateSchema } from '../../../libs/contracts/template.js';
import { expandTemplate } from '../../../libs/graph/expand.js';
import { compileGraph } from '../../../libs/graph/parse.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { digestOf } from './reports.js';

type Item = Record<string, unknown> & { id: string };

const anyObject = { type: 'object' };

/** An item of an agent with a contract of the template's own. */
export const agent = (id: string, more: Record<string, unknown> = {}): Item => ({
  id,
  title: id,
  category: 'work',
  work: { kind: 'agent', capability: `do.${id}` },
  expects: anyObject,
  done: { says: 'It is done.', schema: anyObject },
  ...more,
});

export const barrierItem = (id: string, work: Record<string, unknown>, after: readonly string[]): Item => ({
  ...agent(id),
  expects: undefined,
  work,
  depends_on: after,
});

export const templateOf = (...items: readonly Item[]): Template =>
  templateSchema.parse(
    JSON.parse(
      JSON.stringify({
        name: 'barriers',
        version: '1.0.0',
        title: 'Barriers',
        description: 'What barriers make.',
        input: anyObject,
        items,
      }),
    ),
  );

const isChange = (outcome: unknown): boolean => candidateReportSchema.safeParse(outcome).success;

/** A run whose items have the outcomes that they are given, in a store of its own. */
export class Barriers {
  private constructor(
    readonly store: ArtifactStore,
    private readonly refs: Pick<BarrierItem, 'accepted' | 'assignment'>,
    readonly graph: WorkGraph,
  ) {}

  static async of(template: Template, input: Record<string, unknown> = {}): Promise<Barriers> {
    const store = openStore(join(await temporaryFolder(), 'artifacts'));
    const agents = Object.fromEntries(
      expandTemplate(template).map(({ id }) => [id, [{ id: `agent.${id}`, manifest: digestOf(id) }]]),
    );
    const graph = compileGraph(template, agents, input);
    const subject = { kind: 'directory' as const, path: '/subjects/one' };
    const accepted: AcceptedRequest = {
      kind: 'accepted',
      request: {
        template: {
          name: template.name,
          version: template.version,
          digest: (await store.putJson(template)).digest,
        },
        input: { subject: subject.path, ...input },
        subject,
      },
      captured: {
        subject,
        title: subject.path,
        snapshot: { digest: digestOf('captured'), files: 1, bytes: 1 },
      },
      classification: {
        category: 'technical',
        complexity: 'simple',
        agents: 1,
        layers: ['specialist'],
        reasons: ['It is small.'],
      },
      checks: [],
    };
    const assignment: Assignment = {
      kind: 'assignment',
      health: {},
      items: [],
      test: null,
      dependencies: null,
      probes: [],
      budgets: { memoryBytes: 1024, processes: 8 },
      graph,
    };
    const refs = { accepted: await store.putJson(accepted), assignment: await store.putJson(assignment) };
    return new Barriers(store, refs, graph);
  }

  async result(item: string, outcome: unknown, accepted = true): Promise<ItemResult> {
    return {
      item,
      agent: { id: `agent.${item}`, manifest: digestOf(item) },
      outcome: await this.store.putJson(outcome),
      measurements: null,
      workspace: isChange(outcome) ? { digest: digestOf({ workspace: item }), files: 1, bytes: 1 } : null,
      summary: item,
      accepted,
    };
  }

  /** What a barrier is given. */
  input(id: string, results: readonly ItemResult[], unfinished: readonly UnfinishedItem[] = []): BarrierItem {
    const item = this.graph.items.find((one) => one.id === id);
    if (!item) throw new Error(`There is no item ${id}.`);
    return { run: 'one', item, ...this.refs, results, unfinished };
  }

  /** The same with outcomes by item. */
  async given(
    id: string,
    outcomes: Readonly<Record<string, unknown>>,
    unfinished: readonly UnfinishedItem[] = [],
  ): Promise<BarrierItem> {
    const results = await Promise.all(
      Object.entries(outcomes).map(([item, outcome]) => this.result(item, outcome)),
    );
    return this.input(id, results, unfinished);
  }
}
