import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ArtifactStore } from '../../libs/artifacts/artifact-store.js';
import { snapshot } from '../../libs/artifacts/snapshot/snapshot.js';
import type { AgentManifest, Comparison } from '../../libs/contracts/agent.js';
import type { ArtifactRef } from '../../libs/contracts/artifact.js';
import type { GraphItem, ItemResult, WorkGraph } from '../../libs/contracts/graph.js';
import type { AcceptedRequest, Assignment, Execution } from '../../libs/contracts/phase.js';
import type { Judgement, Synthesis } from '../../libs/contracts/reports/synthesis.js';
import type { SnapshotRef } from '../../libs/contracts/subject.js';
import { type Template, templateSchema } from '../../libs/contracts/template.js';
import type { Signer } from '../../libs/crypto/signer.js';
import type { Trust } from '../../libs/crypto/trust.js';
import { expandTemplate } from '../../libs/graph/expand.js';
import type { Digest } from '../../libs/protocol/digest.js';
import type { ServiceIdentity } from '../../libs/protocol/identities.js';
import { checkpoint } from '../../libs/synthesis/checkpoint.js';
import { consolidate } from '../../libs/synthesis/consolidate.js';
import { criticalCriteria } from '../../libs/synthesis/decision.js';
import { readScores } from '../../libs/synthesis/read-scores.js';
import { bestOf, standings } from '../../libs/synthesis/standings.js';
import { commandAgent } from './command-agent.js';
import { checksOn, executeRecord } from './execute-record.js';
import { runGround } from './run-ground.js';
import { freshSigners, trustIn } from './signers.js';
import * as reports from './small-reports.js';

/** A run of three analyses, two candidates and their validations, made by hand in a real store. */
export interface SmallRun {
  readonly run: string;
  readonly folder: string;
  readonly store: ArtifactStore;
  readonly captured: SnapshotRef;
  readonly template: Template;
  readonly accepted: AcceptedRequest;
  readonly assignment: Assignment;
  readonly execution: Execution;
  readonly synthesis: Synthesis;
  readonly judgement: Judgement;
  /** Its agents. */
  readonly roster: readonly AgentManifest[];
  readonly signers: Readonly<Record<ServiceIdentity, Signer>>;
  /** Pins the signers' keys. */
  readonly trust: Trust;
  readonly refs: Readonly<
    Record<
      'request' | 'accepted' | 'assignment' | 'executed' | 'executeRecord' | 'synthesis' | 'judged',
      ArtifactRef
    >
  >;
}

/** The change that each candidate makes, as a command and as what comes of it. */
const changes: Readonly<Record<string, { command: string; from: RegExp; to: string }>> = {
  A: { command: "sed -i 's/^var /const /' /subject/package/index.js", from: /^var /, to: 'const ' },
  B: { command: "sed -i 's/^var /let /' /subject/package/index.js", from: /^var /, to: 'let ' },
};

const outcomes: Readonly<Record<string, Record<string, unknown>>> = {
  architecture: reports.architecture,
  code: reports.code,
  infrastructure: reports.infrastructure,
  'improve-a': reports.candidate('const'),
  'improve-b': reports.candidate('let'),
  'validate-a': reports.validation([]),
  'validate-b': reports.validation(['<b>renders</b>']),
};

const smallTemplate: Template = templateSchema.parse({
  name: 'small-review',
  version: '1.0.0',
  title: 'A small review',
  description: 'Three analyses, two candidates.',
  input: { type: 'object' },
  tests: true,
  parallel: 2,
  repairs: 0,
  fitness: { findings: 0.6, complexity: 0.1, size: 0.2, verification: 0.1 },
  items: [
    item('architecture', 'analysis', { kind: 'agent', capability: 'do.architecture' }),
    item('code', 'analysis', { kind: 'agent', capability: 'do.code' }),
    item('infrastructure', 'analysis', { kind: 'agent', capability: 'do.infrastructure' }),
    {
      ...item('consolidation', 'analysis', { kind: 'consolidation' }),
      depends_on: ['architecture', 'code', 'infrastructure'],
    },
    { ...item('checkpoint', 'analysis', { kind: 'checkpoint' }), depends_on: ['consolidation'] },
    {
      ...item('improve', 'implementation', { kind: 'agent', capability: 'do.improve' }),
      candidates: { A: { capability: 'do.improve-a' }, B: { capability: 'do.improve-b' } },
      depends_on: ['checkpoint', 'code'],
      expects: 'candidate',
    },
    {
      ...item('validate', 'validation', { kind: 'agent', capability: 'do.validate' }),
      each: 'improve',
      depends_on: ['infrastructure'],
      expects: 'validation',
    },
  ],
});

function item(id: string, category: string, work: Record<string, string>) {
  return {
    id,
    title: id,
    category,
    work,
    done: { says: 'It is done.', schema: { type: 'object' } },
    ...(work.kind === 'agent' ? { expects: id } : {}),
  };
}

export interface SmallRunOptions {
  readonly run?: string;
  /** A shell command in place of the agent's own, by item; it writes the answer. */
  readonly commands?: Readonly<Record<string, string>>;
  /** What an agent declares, by item; `digest` where nothing is said. */
  readonly comparisons?: Readonly<Record<string, Comparison>>;
}

/** Makes the run. What each agent's program answers is what the results say, so it can be executed again. */
export async function smallRun({
  run = 'small',
  commands = {},
  comparisons = {},
}: SmallRunOptions = {}): Promise<SmallRun> {
  const { folder, store } = await runGround();
  const captured = await workspaceOf(store, folder, reports.subjectFiles);
  const template = smallTemplate;
  const accepted: AcceptedRequest = {
    kind: 'accepted',
    request: {
      template: {
        name: template.name,
        version: template.version,
        digest: (await store.putJson(template)).digest,
      },
      input: { subject: '/subjects/<script>alert(2)</script>' },
      subject: { kind: 'directory', path: '/subjects/<script>alert(2)</script>' },
      test: { command: 'node test.js', tools: {} },
      sentence: 'review <img src=x onerror=alert(3)>',
    },
    captured: {
      subject: { kind: 'directory', path: '/subjects/<script>alert(2)</script>' },
      title: '/subjects/<script>alert(2)</script>',
      snapshot: captured,
    },
    classification: {
      category: 'technical',
      complexity: 'moderate',
      agents: 5,
      layers: ['specialist'],
      reasons: ['By its template.'],
    },
    checks: [{ check: 'paths', says: 'No path leads out.' }],
  };
  const signers = freshSigners();
  const planned = expandTemplate(template);
  const roster: AgentManifest[] = [];
  const items: GraphItem[] = [];
  const assigned: Assignment['items'] = [];
  for (const { capability, ...plan } of planned) {
    if (!capability) {
      items.push({ ...plan, agents: [] });
      continue;
    }
    const manifest = {
      ...manifestOf(plan.id, plan.candidate, capability, commands[plan.id]),
      comparison: comparisons[plan.id] ?? 'digest',
    };
    const agents = [{ id: manifest.id, manifest: (await store.putJson(manifest)).digest }];
    roster.push(manifest);
    items.push({ ...plan, agents });
    assigned.push({ item: plan.id, capability, agents, why: 'The only one.' });
  }
  const graph: WorkGraph = { items, parallel: 2, repairs: 0 };
  const assignment: Assignment = {
    kind: 'assignment',
    health: Object.fromEntries(roster.map(({ id }) => [id, 'healthy' as const])),
    items: assigned,
    test: { command: 'node test.js', tools: {} },
    dependencies: null,
    probes: [{ driver: 'command', ok: true, sandbox: null, says: 'It started.' }],
    budgets: { memoryBytes: 512 * 1024 * 1024, processes: 64 },
    graph,
  };
  const before = { accepted: await store.putJson(accepted), assignment: await store.putJson(assignment) };
  const { execution, synthesis, judgement, executed, record } = await carriedOut(
    { run, store, folder, template, assignment, signers },
    { accepted: before.accepted.digest, assignment: before.assignment.digest },
  );
  const refs = {
    request: await store.putJson({ request: accepted.request.sentence }),
    ...before,
    executed,
    executeRecord: record,
    synthesis: await store.putJson(synthesis),
    judged: await store.putJson(judgement),
  };
  return {
    run,
    folder,
    store,
    captured,
    template,
    accepted,
    assignment,
    execution,
    synthesis,
    judgement,
    roster,
    signers,
    trust: trustIn(...Object.values(signers)),
    refs,
  };
}

interface Work extends Pick<SmallRun, 'run' | 'folder' | 'store' | 'template' | 'assignment' | 'signers'> {}

async function carriedOut(
  { run, store, folder, template, assignment: { graph, budgets }, signers }: Work,
  input: Readonly<Record<string, Digest>>,
) {
  const results: ItemResult[] = [];
  type Collected = Parameters<typeof consolidate>[0]['arrived'][number];
  const collected: Collected[] = [];
  const made = new Map<string, Record<string, unknown>>(Object.entries(outcomes));
  for (const one of graph.items) {
    const before = collected.filter(({ item }) => one.after.includes(item));
    const whole = {
      phase: `${one.category}_consolidation`,
      missing: [],
      graph,
      budgets,
      weights: template.fitness,
    };
    if (one.kind === 'consolidation') made.set(one.id, consolidate({ ...whole, arrived: before }));
    const [consolidated] = before.flatMap(({ report }) => (report.kind === 'synthesis' ? [report] : []));
    if (one.kind === 'checkpoint')
      made.set(one.id, checkpoint(consolidated, consolidated?.inputs.map(({ item }) => item) ?? []));
    const change = one.category === 'implementation' ? changes[one.candidate ?? ''] : undefined;
    const workspace = change
      ? await workspaceOf(store, folder, {
          ...reports.subjectFiles,
          'index.js': (reports.subjectFiles['index.js'] ?? '').replace(change.from, change.to),
        })
      : null;
    const report = made.get(one.id) as Collected['report'];
    const outcome = await store.putJson(report);
    results.push({
      item: one.id,
      agent: one.agents[0] ?? null,
      outcome,
      measurements: one.kind === 'agent' ? await store.putJson({ program: { ms: 1 } }) : null,
      workspace,
      summary: `${one.id} done`,
      accepted: report.kind === 'validation' ? report.broken.length === 0 : true,
    });
    collected.push({
      item: one.id,
      agent: one.agents[0]?.id ?? 'heptad',
      outcome: outcome.digest,
      report,
      workspace: workspace?.digest ?? null,
      candidate: one.candidate,
      workedOn: one.workspace,
    });
  }
  const execution: Execution = { kind: 'execution', graph, results, unfinished: [] };
  const synthesis = consolidate({
    phase: 'coordinate',
    arrived: collected,
    missing: [],
    graph,
    budgets,
    weights: template.fitness,
  });
  const executed = await store.putJson(execution);
  const items = results.map(({ item }) => item);
  const checks = {
    A: checksOn('result', items),
    B: checksOn('again', items),
    C: checksOn('result', ['forged']),
  };
  const record = await executeRecord(store, { run, executed, input, checks, signers });
  const all = standings(collected, template.fitness, await readScores(store, record, executed));
  const judgement: Judgement = {
    kind: 'judgement',
    decision: 'PROCEED',
    criteria: criticalCriteria.map((id) => ({
      id,
      says: `It is ${id}.`,
      met: true,
      evidence: 'It was looked at.',
    })),
    warnings: ['Only 50 % of the functions are covered.'],
    standings: all,
    best: bestOf(all)?.candidate ?? null,
  };
  return { execution, synthesis, judgement, executed, record };
}

const manifestOf = (id: string, letter: string | null, capability: string, command?: string): AgentManifest =>
  commandAgent({
    ...{ id, capability, command, outcome: outcomes[id] ?? {} },
    change: id.startsWith('improve') ? changes[letter ?? '']?.command : undefined,
  });

/** Captures files as a workspace. */
export async function workspaceOf(
  store: ArtifactStore,
  folder: string,
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<SnapshotRef> {
  const source = await mkdtemp(join(folder, 'subject-'));
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(source, path)), { recursive: true });
    await writeFile(join(source, path), content);
  }
  return await snapshot(store, source);
}
