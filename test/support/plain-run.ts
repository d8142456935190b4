import type { ArtifactStore } from '../../libs/artifacts/artifact-store.js';
import type { DeliveryInput } from '../../libs/contracts/activities.js';
import type { AgentManifest } from '../../libs/contracts/agent.js';
import type { GraphItem, ItemResult, UnfinishedItem } from '../../libs/contracts/graph.js';
import type { AcceptedRequest, Assignment, Execution } from '../../libs/contracts/phase.js';
import type { Subject } from '../../libs/contracts/subject.js';
import { type Template, templateSchema } from '../../libs/contracts/template.js';
import type { Signer } from '../../libs/crypto/signer.js';
import type { ServiceIdentity } from '../../libs/protocol/identities.js';
import { assignedAgents } from '../../libs/registry/assigned-agents.js';
import { plannedWork } from '../../libs/registry/planned-work.js';
import { checkpointOutcome, consolidationOutcome } from '../../libs/synthesis/barrier-outcome.js';
import { judge } from '../../libs/synthesis/judge.js';
import { readJudged } from '../../libs/synthesis/read-judged.js';
import { synthesise } from '../../libs/synthesis/synthesise.js';
import { factsOfOutcome } from '../../libs/templates/facts-of-outcome.js';
import { commandAgent } from './command-agent.js';
import { checksOn, executeRecord } from './execute-record.js';
import { inputsOf } from './judged-phase.js';
import { runGround } from './run-ground.js';
import { freshSigners, trustIn } from './signers.js';
import { recordsBefore } from './small-delivery.js';
import { type SmallRun, workspaceOf } from './small-run.js';

/** `reports`: agents that only read. `chain`: agents of which one goes on with what the one before handed back. */
export type Shape = 'reports' | 'chain';

export interface PlainRunOptions {
  readonly run?: string;
  /** Default: `reports`. */
  readonly shape?: Shape;
  readonly signers?: Readonly<Record<ServiceIdentity, Signer>>;
  /** Items that end without a result, and why; `extra` of `reports` always does, as its condition does not hold. */
  readonly unfinished?: readonly UnfinishedItem[];
  /** Items that work on the captured subject, although their template says otherwise. */
  readonly apart?: readonly string[];
}

const files: Readonly<Record<string, string>> = {
  'README.md': 'A text.\n',
  'notes.txt': 'One.\nTwo.\n',
};

interface Part {
  readonly capability: string;
  readonly outcome: Record<string, unknown>;
  /** The line that it writes to REPORT.md; left out where it does not write. */
  readonly writes?: string;
}

const parts: Readonly<Record<string, Part>> = {
  notes: {
    capability: 'read.notes',
    outcome: {
      notes: 2,
      verdict: 'good <b>and</b> short',
      findings: [{ severity: 'major', message: 'It is old.' }],
    },
  },
  links: { capability: 'read.links', outcome: { links: 0, checked: true, detail: { of: 'README.md' } } },
  extra: { capability: 'read.extra', outcome: { more: true } },
  draft: { capability: 'write.draft', outcome: { lines: 1 }, writes: 'A draft.' },
  polish: { capability: 'write.polish', outcome: { lines: 1, polished: true }, writes: 'A report.' },
  read: { capability: 'read.report', outcome: { read: true } },
};

const done = { says: 'It is done.', schema: { type: 'object' } };

const agentItem = (id: string, more: object = {}) => ({
  id,
  title: id,
  category: 'analysis',
  work: { kind: 'agent', capability: parts[id]?.capability },
  done,
  ...more,
});

const barrier = (kind: 'consolidation' | 'checkpoint', after: readonly string[]) => ({
  id: kind,
  title: kind,
  category: 'analysis',
  work: { kind },
  depends_on: after,
  done,
});

const notesSchema = {
  title: 'Notes',
  type: 'object',
  required: ['notes', 'verdict'],
  properties: { notes: { type: 'integer', minimum: 0 }, verdict: { type: 'string' } },
};

const itemsOf: Readonly<Record<Shape, readonly object[]>> = {
  reports: [
    agentItem('notes', { expects: notesSchema }),
    agentItem('links'),
    agentItem('extra', { depends_on: ['notes'], condition: 'notes.notes > 10' }),
    barrier('consolidation', ['notes', 'links', 'extra']),
    barrier('checkpoint', ['consolidation']),
  ],
  chain: [
    agentItem('draft', { category: 'implementation' }),
    agentItem('polish', { category: 'implementation', depends_on: ['draft'], workspace: 'draft' }),
    agentItem('read', { depends_on: ['polish'], workspace: 'polish' }),
    barrier('checkpoint', ['draft', 'polish', 'read']),
  ],
};

const spared: readonly UnfinishedItem[] = [{ item: 'extra', status: 'skipped', code: 'ConditionFalse' }];

/**
 * A run without tests and without candidates, in a real store. What assign, coordinate and verify stage is made by the
 * product's own functions; what agents answer is what their programs write, so that it can be executed again.
 */
export async function plainRun({
  run = 'plain',
  shape = 'reports',
  signers = freshSigners(),
  unfinished = [],
  apart = [],
}: PlainRunOptions = {}): Promise<SmallRun> {
  const { folder, store } = await runGround();
  const template = templateSchema.parse({
    name: `plain-${shape}`,
    version: '1.0.0',
    title: 'A plain run',
    description: 'Nothing competes, and no tests are run.',
    input: { type: 'object' },
    parallel: 2,
    items: itemsOf[shape],
  });
  const accepted = await acceptedBy(store, folder, template);
  const roster = Object.entries(parts).map(([id, part]) => manifestOf(id, part));
  const assignment = await assignmentOf(store, template, roster, apart);
  const early = {
    request: await store.putJson({ template: template.name, input: accepted.request.input }),
    accepted: await store.putJson(accepted),
    assignment: await store.putJson(assignment),
  };
  const without = [...(shape === 'reports' ? spared : []), ...unfinished];
  const execution = await carriedOut(store, folder, assignment, early, without);
  const executed = await store.putJson(execution);
  const items = execution.results.map(({ item }) => item);
  const record = await executeRecord(store, {
    run,
    executed,
    input: { accepted: early.accepted.digest, assignment: early.assignment.digest },
    checks: { A: checksOn('result', items), B: checksOn('again', items), C: checksOn('result', ['forged']) },
    signers,
  });
  const synthesis = await synthesise(store, { ...early, executed });
  const synthesised = {
    ...early,
    executed,
    executeRecord: record,
    synthesis: await store.putJson(synthesis),
  };
  const judgement = await judge(await readJudged(store, synthesised));
  return {
    run,
    folder,
    store,
    captured: accepted.captured.snapshot,
    template,
    accepted,
    assignment,
    execution,
    synthesis,
    judgement,
    roster,
    signers,
    trust: trustIn(...Object.values(signers)),
    refs: { ...synthesised, judged: await store.putJson(judgement) },
  };
}

/** What deliver is given of a run: signed records of five phases in one chain, and what they handed on. */
export async function plainDelivery(small: SmallRun): Promise<{ small: SmallRun; input: DeliveryInput }> {
  return { small, input: inputsOf(small, await recordsBefore(small)).deliver };
}

async function acceptedBy(
  store: ArtifactStore,
  folder: string,
  template: Template,
): Promise<AcceptedRequest> {
  const subject: Subject = { kind: 'directory', path: '/subjects/plain' };
  const { name, version } = template;
  return {
    kind: 'accepted',
    request: {
      template: { name, version, digest: (await store.putJson(template)).digest },
      input: { subject: subject.path },
      subject,
    },
    captured: { subject, title: subject.path, snapshot: await workspaceOf(store, folder, files) },
    classification: {
      category: 'technical',
      complexity: 'simple',
      agents: 3,
      layers: ['specialist'],
      reasons: ['By its template.'],
    },
    checks: [{ check: 'paths', says: 'No path leads out.' }],
  };
}

async function assignmentOf(
  store: ArtifactStore,
  template: Template,
  roster: readonly AgentManifest[],
  apart: readonly string[],
): Promise<Assignment> {
  const health = Object.fromEntries(roster.map(({ id }) => [id, 'healthy' as const]));
  const { assigned, manifests } = assignedAgents({ template, layers: ['specialist'], roster, health });
  for (const manifest of manifests.values()) await store.putJson(manifest);
  const planned = plannedWork({
    template,
    input: {},
    resumption: null,
    assigned,
    manifests: new Map([...manifests.values()].map((manifest) => [manifest.id, manifest])),
    environment: { test: null, dependencies: null },
    probes: ['builtin', 'command', 'micro'].map((driver) => ({
      driver,
      ok: true,
      sandbox: null,
      says: 'It started.',
    })),
  });
  const workspaces = new Map(template.items.map(({ id, workspace }) => [id, workspace]));
  const items = planned.graph.items.map((item) => {
    const workspace = apart.includes(item.id) ? undefined : workspaces.get(item.id);
    return { ...item, workspace: typeof workspace === 'string' ? workspace : null };
  });
  return { ...planned, graph: { ...planned.graph, items } };
}

async function carriedOut(
  store: ArtifactStore,
  folder: string,
  { graph }: Assignment,
  refs: Pick<SmallRun['refs'], 'accepted' | 'assignment'>,
  unfinished: readonly UnfinishedItem[],
): Promise<Execution> {
  const results: ItemResult[] = [];
  const ended = new Map(unfinished.map((one) => [one.item, one]));
  for (const item of graph.items) {
    if (ended.has(item.id)) continue;
    const before = results.filter((result) => item.after.includes(result.item));
    const waitedFor = {
      item,
      results: before,
      unfinished: unfinished.filter((one) => item.after.includes(one.item)),
    };
    const { outcome, accepted } = await outcomeOf(store, item, { ...refs, ...waitedFor });
    const facts = factsOfOutcome(outcome, item.rules?.facts ?? []);
    results.push({
      item: item.id,
      agent: item.agents[0] ?? null,
      outcome: await store.putJson(outcome),
      measurements: item.kind === 'agent' ? await store.putJson({ program: { ms: 1 } }) : null,
      workspace: await writtenBy(store, folder, item),
      summary: `${item.id} done`,
      accepted,
      ...(Object.keys(facts).length > 0 ? { facts } : {}),
    });
  }
  return { kind: 'execution', graph, results, unfinished: [...unfinished] };
}

async function outcomeOf(
  store: ArtifactStore,
  item: GraphItem,
  waiting: Parameters<typeof checkpointOutcome>[1],
): Promise<{ outcome: unknown; accepted: boolean }> {
  switch (item.kind) {
    case 'consolidation':
      return { outcome: await consolidationOutcome(store, waiting), accepted: true };
    case 'checkpoint': {
      const outcome = await checkpointOutcome(store, waiting);
      return { outcome, accepted: outcome.passed };
    }
    default:
      return { outcome: parts[item.body]?.outcome ?? {}, accepted: true };
  }
}

async function writtenBy(store: ArtifactStore, folder: string, { body }: GraphItem) {
  const line = parts[body]?.writes;
  return line === undefined ? null : await workspaceOf(store, folder, { ...files, 'REPORT.md': `${line}\n` });
}

const manifestOf = (id: string, { capability, outcome, writes }: Part): AgentManifest =>
  commandAgent({
    ...{ id, capability, outcome },
    change: writes === undefined ? undefined : `echo '${writes}' > /subject/package/REPORT.md`,
  });
