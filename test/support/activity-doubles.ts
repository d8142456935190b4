import { createHash } from 'node:crypto';
import type {
  AgentActivities,
  ConclusionActivities,
  CoordinationActivities,
  DeliveryActivities,
  EvidenceActivities,
  GraphActivities,
  IntakeActivities,
  RecordRequest,
  RegistryActivities,
  VerificationActivities,
} from '../../libs/contracts/activities.js';
import type { ArtifactRef } from '../../libs/contracts/artifact.js';
import type { GraphItem, ItemResult, WorkGraph } from '../../libs/contracts/graph.js';
import type { QueueName } from '../../libs/protocol/names.js';

export interface AllActivities
  extends IntakeActivities,
    RegistryActivities,
    AgentActivities,
    CoordinationActivities,
    GraphActivities,
    VerificationActivities,
    EvidenceActivities,
    DeliveryActivities,
    ConclusionActivities {}

/** The reference of an artifact with this content. */
export const refTo = (content: string): ArtifactRef => ({
  digest: `sha256:${createHash('sha256').update(content).digest('hex')}`,
  size: Buffer.byteLength(content),
  mediaType: 'application/json',
});

export const agentItem = (id: string, changes: Partial<GraphItem> = {}): GraphItem => ({
  id,
  title: `Item ${id}`,
  category: 'analysis',
  kind: 'agent',
  body: id,
  after: [],
  workspace: null,
  candidate: null,
  agents: [{ id: `agent.${id}`, manifest: refTo(id).digest }],
  timeoutMs: 60_000,
  repairs: null,
  ...changes,
});

export const graphOf = (...items: GraphItem[]): WorkGraph => ({ items, parallel: 3, repairs: 0 });

export const resultOf = (item: GraphItem, changes: Partial<ItemResult> = {}): ItemResult => ({
  item: item.id,
  agent: item.agents[0] ?? null,
  outcome: refTo(`outcome of ${item.id}`),
  measurements: null,
  workspace: null,
  summary: `${item.id} done`,
  accepted: true,
  ...changes,
});

/** What the doubles were asked, in order. */
export interface Asked {
  readonly verbs: string[];
  readonly records: RecordRequest[];
}

const verbsOfVerifiers: ReadonlySet<string> = new Set(['judgePhase', 'cleanUpVerifiers']);
const verifierQueues: ReadonlySet<QueueName> = new Set(['verify-a', 'verify-b', 'verify-c']);

const queueOf: Partial<Record<keyof AllActivities, QueueName>> = {
  probeAgents: 'agents',
  runAgent: 'agents',
  runSegment: 'agents',
  cleanUpAgents: 'agents',
  mergeCandidates: 'agents',
};

/**
 * Activities that answer at once with well-formed results, for tests of what the workflows do with them. They note
 * what they are asked; a test replaces those that it is about.
 */
export function activityDoubles(
  graph: WorkGraph,
  replaced: Partial<AllActivities> = {},
): { asked: Asked; of: (queue: QueueName) => Record<string, (...args: never[]) => Promise<unknown>> } {
  const asked: Asked = { verbs: [], records: [] };
  const texts = new Map<string, string>();
  const staged = (summary: string) => ({ outcome: refTo(summary), summary, facts: null });
  const doubles: AllActivities = {
    parseRequest: async () => ({ parsed: refTo('parsed'), checks: refTo('checks'), source: 'npm' }),
    captureSubject: async () => ({ captured: refTo('captured'), title: 's' }),
    acceptRequest: async () => staged('accepted'),
    assignAgents: async () => ({ assigned: refTo('assigned'), needs: { tests: true } }),
    fetchDependencies: async () => ({ dependencies: refTo('dependencies') }),
    probeAgents: async () => ({ probes: refTo('probes') }),
    planWork: async () => ({ ...staged('planned'), facts: { graph } }),
    runAgent: async ({ item }) => resultOf(item),
    runSegment: async ({ item }) => resultOf(item),
    consolidate: async ({ item }) => resultOf(item),
    checkpoint: async ({ item }) => resultOf(item),
    readPlan: async ({ from, count }) => ({
      graph: { ...graph, items: graph.items.slice(from, from + count) },
      total: graph.items.length,
    }),
    keepText: async ({ text }) => {
      texts.set(refTo(text).digest, text);
      return { text: refTo(text) };
    },
    readText: async ({ text }) => ({ text: texts.get(text.digest) ?? '' }),
    bundleResults: async (bundled) => ({ bundle: refTo(JSON.stringify(bundled)) }),
    admitWork: async ({ ledger }) => ({ items: [], ledger }),
    collectItems: async () => staged('executed'),
    synthesise: async () => staged('synthesis'),
    judge: async () => ({ ...staged('judged'), facts: { decision: 'PROCEED' } }),
    judgePhase: async ({ phase, pass }) => ({
      pass,
      passed: true,
      verdict: refTo(`${phase} ${pass}`),
      checks: 1,
      disagrees: false,
      failures: [],
    }),
    checkWaiver: async () => ({ problems: [] }),
    writeRecord: async (request) => {
      // A local activity whose workflow task was lost runs again; it writes the same record then.
      if (asked.records.at(-1)?.phase !== request.phase) asked.records.push(request);
      return refTo(`record ${request.phase}`);
    },
    mergeCandidates: async () => ({ merged: refTo('merged'), summary: 'D' }),
    planDelivery: async () => ({ merges: true }),
    stagePackage: async () => ({ ...staged('package'), facts: { targets: [] } }),
    attest: async () => ({ attestations: refTo('attestations') }),
    deliverPackage: async ({ run }) => ({
      path: `/packages/run-${run}`,
      manifest: refTo('manifest').digest,
      files: 1,
      receipt: refTo('receipt').digest,
    }),
    deliverTo: async () => ({ receipt: refTo('receipt'), says: 'delivered' }),
    accountForRun: async () => staged('accounted'),
    cleanUpControl: async () => ({ scratchFolders: 0 }),
    cleanUpAgents: async () => ({ scratchFolders: 0 }),
    cleanUpVerifiers: async () => ({ scratchFolders: 0 }),
    archiveHistories: async () => ({ archive: refTo('archive') }),
    writeSeal: async () => ({ seal: refTo('seal') }),
    findUnsealed: async () => ({ runs: [] }),
    ...replaced,
  };
  const noted = Object.entries(doubles).map(([verb, double]) => {
    const act = (...args: never[]): Promise<unknown> => {
      asked.verbs.push(verb);
      return (double as (...args: never[]) => Promise<unknown>)(...args);
    };
    return { verb: verb as keyof AllActivities, act };
  });
  return {
    asked,
    of: (queue) =>
      Object.fromEntries(
        noted
          .filter(({ verb }) =>
            verbsOfVerifiers.has(verb) ? verifierQueues.has(queue) : (queueOf[verb] ?? 'control') === queue,
          )
          .map(({ verb, act }) => [verb, act]),
      ),
  };
}
