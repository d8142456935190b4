import { type AgentManifest, agentManifestSchema, comparisons } from '../../contracts/agent.js';
import type { AgentRef, GraphItem } from '../../contracts/graph.js';
import { type Assignment, assignmentSchema } from '../../contracts/phase.js';
import { controlFileForgeries } from './control-file-forgeries.js';
import { environmentForgeries } from './environment-forgeries.js';
import { changing, type Forgery, forgeriesOf, inventing, type Material, withFirst } from './forgery.js';
import { profileForgeries } from './profile-forgeries.js';

type Assigned = Assignment['items'][number];

const withItems = (assignment: Assignment, items: readonly unknown[] | undefined): unknown =>
  items && { ...assignment, graph: { ...assignment.graph, items } };

const withGraph = (assignment: Assignment, changes: Partial<Assignment['graph']>): unknown => ({
  ...assignment,
  graph: { ...assignment.graph, ...changes },
});

/** Gives an item other agents, in the account and in the graph. */
const withAgents = (assignment: Assignment, item: string, agents: readonly AgentRef[]): unknown => ({
  ...assignment,
  items: assignment.items.map((one) => (one.item === item ? { ...one, agents } : one)),
  graph: {
    ...assignment.graph,
    items: assignment.graph.items.map((one) => (one.id === item ? { ...one, agents } : one)),
  },
});

/** The first item that is assigned, and one with another capability. */
function two({ items }: Assignment): [Assigned, Assigned] | undefined {
  const [first] = items;
  const second = items.find(({ capability }) => capability !== first?.capability);
  return first && second && [first, second];
}

/** Puts a changed manifest in the place of the first agent's, wherever it is named. */
async function withManifest(
  assignment: Assignment,
  { store }: Material<Assignment>,
  change: (manifest: AgentManifest) => AgentManifest,
): Promise<unknown> {
  const [agent] = assignment.items.flatMap(({ agents }) => agents);
  if (!agent) return undefined;
  const manifest = await store.getJson(agent.manifest, agentManifestSchema);
  const { digest } = await store.putJson(change(structuredClone(manifest)));
  const swapped = (agents: readonly AgentRef[]): AgentRef[] =>
    agents.map((one) => (one.manifest === agent.manifest ? { ...one, manifest: digest } : one));
  return {
    ...assignment,
    items: assignment.items.map((one) => ({ ...one, agents: swapped(one.agents) })),
    graph: {
      ...assignment.graph,
      items: assignment.graph.items.map((one) => ({ ...one, agents: swapped(one.agents) })),
    },
  };
}

const forAgents = ({ kind }: GraphItem): boolean => kind === 'agent';

/** Items that nothing waits for and whose workspace nobody gets. */
const isLast = (item: GraphItem, { graph }: Assignment): boolean =>
  graph.items.every(({ after, workspace }) => !after.includes(item.id) && workspace !== item.id);

const forgeries: readonly Forgery<Assignment>[] = [
  changing('agent-without-the-capability', (assignment) => {
    const [first, second] = two(assignment) ?? [];
    return first && second && withAgents(assignment, first.item, second.agents);
  }),
  changing('capability-lowered', (assignment) => {
    const [first, second] = two(assignment) ?? [];
    if (!first || !second) return undefined;
    const items = assignment.items.map((one) =>
      one === first ? { ...one, capability: second.capability } : one,
    );
    return { ...assignment, items };
  }),
  changing('manifest-of-another-agent', (assignment) => {
    const [first, second] = two(assignment) ?? [];
    const manifest = second?.agents[0]?.manifest;
    if (!first || !manifest) return undefined;
    return withAgents(
      assignment,
      first.item,
      first.agents.map((agent) => ({ ...agent, manifest })),
    );
  }),
  changing('manifest-of-nothing', (assignment) => {
    const [first] = assignment.items;
    return (
      first &&
      withAgents(
        assignment,
        first.item,
        first.agents.map((agent) => ({ ...agent, manifest: `sha256:${'0'.repeat(64)}` })),
      )
    );
  }),
  inventing('manifest-with-more-memory', (assignment, material) =>
    withManifest(assignment, material, (manifest) => ({
      ...manifest,
      profile: { ...manifest.profile, memoryBytes: manifest.profile.memoryBytes * 2 },
    })),
  ),
  inventing('manifest-with-another-command', (assignment, material) =>
    withManifest(assignment, material, (manifest) => ({
      ...manifest,
      driver: { kind: 'command', command: ['/bin/true'] },
    })),
  ),
  inventing('manifest-with-another-comparison', (assignment, material) =>
    withManifest(assignment, material, (manifest) => ({
      ...manifest,
      comparison: comparisons.find((one) => one !== manifest.comparison) ?? 'digest',
    })),
  ),
  inventing('manifest-that-may-write', (assignment, material) =>
    withManifest(assignment, material, (manifest) => ({ ...manifest, writes: !manifest.writes })),
  ),
  changing('item-without-an-agent', (assignment) =>
    withItems(
      assignment,
      withFirst(assignment.graph.items, (item) => ({ ...item, agents: [] }), forAgents),
    ),
  ),
  changing('item-assigned-to-nobody', (assignment) => ({ ...assignment, items: assignment.items.slice(1) })),
  changing('barrier-with-an-agent', (assignment) => {
    const agents = assignment.items[0]?.agents ?? [];
    return withItems(
      assignment,
      withFirst(
        assignment.graph.items,
        (item) => ({ ...item, agents }),
        (item) => !forAgents(item),
      ),
    );
  }),
  changing('agents-of-the-graph-exchanged', (assignment) => {
    const [, second] = two(assignment) ?? [];
    return (
      second &&
      withItems(
        assignment,
        withFirst(
          assignment.graph.items,
          (item) => ({ ...item, agents: second.agents }),
          ({ id }) => id === assignment.items[0]?.item,
        ),
      )
    );
  }),
  changing('graph-with-a-circle', (assignment) => {
    const [last] = assignment.graph.items.slice(-1);
    return withItems(
      assignment,
      withFirst(assignment.graph.items, (item) => ({ ...item, after: last ? [last.id, item.id] : [] })),
    );
  }),
  changing('graph-with-an-item-twice', (assignment) =>
    withItems(assignment, [...assignment.graph.items, ...assignment.graph.items.slice(0, 1)]),
  ),
  changing('graph-with-an-item-of-no-template', (assignment) =>
    withItems(assignment, [
      ...assignment.graph.items,
      ...assignment.graph.items.slice(0, 1).map((item) => ({ ...item, id: 'extra', body: 'nothing' })),
    ]),
  ),
  inventing('reused-result-dropped', ({ reused, ...assignment }) =>
    reused === undefined ? undefined : { ...assignment, reused: reused.slice(1) },
  ),
  inventing('reused-results-exchanged', ({ reused = [], ...assignment }) => {
    const [first, second, ...others] = reused;
    if (!first || !second) return undefined;
    const exchanged = [
      { ...first, outcome: second.outcome },
      { ...second, outcome: first.outcome },
    ];
    return { ...assignment, reused: [...exchanged, ...others] };
  }),
  inventing('graph-with-an-extra-item', (assignment) => {
    const item = assignment.graph.items.find(forAgents);
    const assigned = assignment.items.find((one) => one.item === item?.id);
    if (!item || !assigned) return undefined;
    return {
      ...assignment,
      items: [...assignment.items, { ...assigned, item: 'extra' }],
      graph: { ...assignment.graph, items: [...assignment.graph.items, { ...item, id: 'extra' }] },
    };
  }),
  inventing('graph-with-an-item-left-out', (assignment) => {
    const last = assignment.graph.items.find((item) => isLast(item, assignment));
    if (!last) return undefined;
    return {
      ...assignment,
      items: assignment.items.filter(({ item }) => item !== last.id),
      graph: { ...assignment.graph, items: assignment.graph.items.filter((item) => item !== last) },
    };
  }),
  changing('graph-that-waits-for-nothing', (assignment) =>
    withItems(
      assignment,
      withFirst(assignment.graph.items, (item) => ({ ...item, after: ['nothing'] })),
    ),
  ),
  inventing('graph-that-waits-for-less', (assignment) =>
    withItems(
      assignment,
      withFirst(
        assignment.graph.items,
        (item) => ({ ...item, after: item.after.slice(1) }),
        ({ after, workspace }) => after[0] !== undefined && after[0] !== workspace,
      ),
    ),
  ),
  changing('workspace-of-an-item-not-waited-for', (assignment) =>
    withItems(
      assignment,
      withFirst(
        assignment.graph.items,
        (item) => ({ ...item, after: item.after.filter((id) => id !== item.workspace) }),
        ({ workspace }) => workspace !== null,
      ),
    ),
  ),
  inventing('time-raised', (assignment) =>
    withItems(
      assignment,
      withFirst(assignment.graph.items, (item) => ({ ...item, timeoutMs: item.timeoutMs * 2 })),
    ),
  ),
  inventing('more-at-once', (assignment) =>
    withGraph(assignment, { parallel: assignment.graph.parallel + 1 }),
  ),
  inventing('more-repairs', (assignment) => withGraph(assignment, { repairs: assignment.graph.repairs + 1 })),
];

/** Forgeries of what assign stages. */
export const assignmentForgeries = forgeriesOf(assignmentSchema, [
  ...forgeries,
  ...environmentForgeries,
  ...profileForgeries,
  ...controlFileForgeries,
]);
