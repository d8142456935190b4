import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { AgentRoom } from '../../libs/agents/agent-room.js';
import { agentRunOf, inputsOfItem } from '../../libs/agents/agent-run-of.js';
import { runAgent } from '../../libs/agents/run-agent.js';
import type { ArtifactStore } from '../../libs/artifacts/artifact-store.js';
import { openStore } from '../../libs/artifacts/open-store.js';
import { snapshot } from '../../libs/artifacts/snapshot/snapshot.js';
import type { ArtifactRef } from '../../libs/contracts/artifact.js';
import type { GraphItem, ItemResult } from '../../libs/contracts/graph.js';
import type { AcceptedRequest, Assignment, Execution } from '../../libs/contracts/phase.js';
import { type CandidateReport, validationReportSchema } from '../../libs/contracts/reports/candidate.js';
import type { Judgement, Standing } from '../../libs/contracts/reports/synthesis.js';
import type { SnapshotRef } from '../../libs/contracts/subject.js';
import { templateSchema } from '../../libs/contracts/template.js';
import { expandTemplate } from '../../libs/graph/expand.js';
import { roster } from '../../libs/roster/roster.js';
import { acceptsCandidate } from '../../libs/synthesis/accepts-candidate.js';
import { collect } from '../../libs/synthesis/collect.js';
import { readResults } from '../../libs/synthesis/read-results.js';
import { bestOf, standings } from '../../libs/synthesis/standings.js';
import { findTemplate } from '../../libs/templates/load.js';

type Files = Readonly<Record<string, string>>;

/** A run whose analyses and validations were executed for real, up to its judgement. */
export interface ReviewedRun {
  readonly store: ArtifactStore;
  readonly captured: SnapshotRef;
  readonly standings: readonly Standing[];
  /** What a merge is given. */
  readonly input: {
    readonly run: string;
    readonly accepted: ArtifactRef;
    readonly assignment: ArtifactRef;
    readonly executed: ArtifactRef;
    readonly judged: ArtifactRef;
  };
}

export interface ReviewedOptions {
  readonly run: string;
  readonly folder: string;
  readonly room: AgentRoom;
  readonly subject: Files;
  /** By letter, the files that differ. */
  readonly candidates: Readonly<Record<string, Files>>;
  readonly merge: { readonly evaluations: number; readonly seconds: number };
}

/** Analyses a subject, which is tested by `node --test`, and validates candidates that were made by hand. */
export async function reviewedRun(options: ReviewedOptions): Promise<ReviewedRun> {
  const { run, folder, room, subject, candidates, merge } = options;
  const store = openStore(join(folder, 'artifacts'));
  const captured = await workspaceOf(store, folder, subject);
  const shipped = findTemplate('repository-review').template;
  const template = templateSchema.parse({ ...shipped, merge });
  const test = { command: 'node --test', tools: {} };
  const directory = { kind: 'directory', path: '/subjects/s' } as const;
  const accepted: AcceptedRequest = {
    kind: 'accepted',
    request: {
      template: {
        name: template.name,
        version: template.version,
        digest: (await store.putJson(template)).digest,
      },
      input: { subject: directory.path },
      subject: directory,
      test,
    },
    captured: { subject: directory, title: directory.path, snapshot: captured },
    classification: {
      category: 'technical',
      complexity: 'moderate',
      agents: 3,
      layers: ['specialist'],
      reasons: ['By its template.'],
    },
    checks: [],
  };
  const items: GraphItem[] = [];
  for (const { capability, ...planned } of expandTemplate(template)) {
    if (planned.kind !== 'agent' || planned.id === 'architecture') continue;
    if (planned.candidate !== null && !(planned.candidate in candidates)) continue;
    const manifest = roster.find(({ capabilities }) => capabilities.includes(capability ?? ''));
    const agents = manifest ? [{ id: manifest.id, manifest: (await store.putJson(manifest)).digest }] : [];
    items.push({ ...planned, agents });
  }
  const known = new Set(items.map(({ id }) => id));
  const graph = {
    items: items.map((item) => ({ ...item, after: item.after.filter((id) => known.has(id)) })),
    parallel: 1,
    repairs: 0,
  };
  const assignment: Assignment = {
    kind: 'assignment',
    health: {},
    items: [],
    test,
    dependencies: null,
    probes: [],
    budgets: { memoryBytes: 1, processes: 1 },
    graph,
  };
  const refs = { accepted: await store.putJson(accepted), assignment: await store.putJson(assignment) };
  const results: ItemResult[] = [];
  for (const item of graph.items) {
    const [agent] = item.agents;
    if (!agent) throw new Error(`No agent of the roster can do ${item.id}.`);
    const made = item.body === 'improve' ? (candidates[item.candidate ?? ''] ?? {}) : undefined;
    if (made) {
      results.push({
        item: item.id,
        agent,
        outcome: await store.putJson(candidateOf(item, made)),
        measurements: null,
        workspace: await workspaceOf(store, folder, { ...subject, ...made }),
        summary: 'made',
        accepted: true,
      });
      continue;
    }
    const complete = await agentRunOf({
      store,
      run,
      item,
      agent,
      ...refs,
      ...inputsOfItem(item, { graph, results, unfinished: [] }),
    });
    const { outcome, measurements } = await runAgent({
      ...room,
      store,
      ...complete,
      expects: complete.expected.name,
    });
    const judges = item.body === 'validate';
    const report = judges ? await store.getJson(outcome.digest, validationReportSchema) : undefined;
    results.push({
      item: item.id,
      agent,
      outcome,
      measurements,
      workspace: null,
      summary: 'done',
      accepted: report ? acceptsCandidate(report) : true,
    });
  }
  const execution: Execution = { kind: 'execution', graph, results, unfinished: [] };
  const { inputs } = collect(await readResults(store, results, items, template));
  const scores = new Map(items.map(({ id }) => [id, { checks: 2, ok: 2 }]));
  const all = standings(inputs, template.fitness, scores);
  const judgement: Judgement = {
    kind: 'judgement',
    decision: 'PROCEED',
    criteria: [],
    warnings: [],
    standings: all,
    best: bestOf(all)?.candidate ?? null,
  };
  return {
    store,
    captured,
    standings: all,
    input: { run, ...refs, executed: await store.putJson(execution), judged: await store.putJson(judgement) },
  };
}

const candidateOf = ({ candidate }: GraphItem, files: Files): CandidateReport => ({
  kind: 'candidate',
  strategy: `by hand, ${candidate}`,
  tools: [],
  changed: Object.keys(files).sort(),
  left: [],
});

/** Captures files as a workspace. */
async function workspaceOf(store: ArtifactStore, folder: string, files: Files): Promise<SnapshotRef> {
  const source = await mkdtemp(join(folder, 'workspace-'));
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(source, path)), { recursive: true });
    await writeFile(join(source, path), content);
  }
  return await snapshot(store, source);
}
