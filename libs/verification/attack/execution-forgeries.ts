import type { GraphItem, ItemResult } from '../../contracts/graph.js';
import type { Execution } from '../../contracts/phase.js';
import { changingResult, contractsOf } from './changed-results.js';
import { changing, type Forgery, inventing, type Material } from './forgery.js';

const zero = `sha256:${'0'.repeat(64)}`;
const any = (): boolean => true;
const byAgent = ({ agent }: ItemResult): boolean => agent !== null;

/** The outcomes of the first two results that differ, and of which `fits` takes the contracts, for one another. */
async function swapped(
  execution: Execution,
  material: Material<Execution>,
  fits: (one: string | undefined, other: string | undefined) => boolean,
): Promise<unknown> {
  const contracts = await contractsOf(material);
  const nameOf = ({ item }: ItemResult): string | undefined => contracts.get(item)?.name;
  for (const first of execution.results) {
    const second = execution.results.find(
      (one) => one.outcome.digest !== first.outcome.digest && fits(nameOf(first), nameOf(one)),
    );
    if (!second) continue;
    const results = execution.results.map((result) => {
      if (result === first) return { ...first, outcome: second.outcome };
      return result === second ? { ...second, outcome: first.outcome } : result;
    });
    return { ...execution, results };
  }
  return undefined;
}

function withItems(execution: Execution, change: (items: GraphItem[]) => GraphItem[]): Execution {
  return { ...execution, graph: { ...execution.graph, items: change(execution.graph.items) } };
}

/** Forgeries of the list of results, and of the graph that it is for. */
export const executionForgeries: readonly Forgery<Execution>[] = [
  changing('dropped-result', (execution) => ({ ...execution, results: execution.results.slice(1) })),
  changing('no-results', (execution) => ({ ...execution, results: [] })),
  changing('repeated-result', (execution) => ({
    ...execution,
    results: [...execution.results, ...execution.results.slice(0, 1)],
  })),
  changing('swapped-outcomes', (execution, material) =>
    swapped(execution, material, (one, other) => one !== other),
  ),
  // What keeps to the same contract only doing it again can tell apart.
  inventing('swapped-reports', (execution, material) =>
    swapped(execution, material, (one, other) => one === 'custom' && other === 'custom'),
  ),
  changing('result-also-unfinished', (execution) => ({
    ...execution,
    unfinished: [
      ...execution.unfinished,
      ...execution.results.slice(0, 1).map(({ item }) => ({ item, status: 'failed', code: 'AgentFailed' })),
    ],
  })),
  changing('result-of-no-item', (execution) => ({
    ...execution,
    results: execution.results.map((result, index) =>
      index === 0 ? { ...result, item: 'nothing' } : result,
    ),
  })),
  changing('dropped-item', (execution) => {
    const [first] = execution.results;
    const without = withItems(execution, (items) => items.filter(({ id }) => id !== first?.item));
    return { ...without, results: execution.results.slice(1) };
  }),
  changing('unplanned-item', (execution) => {
    const [item] = execution.graph.items;
    const [result] = execution.results;
    if (!item || !result) return undefined;
    const grown = withItems(execution, (items) => [...items, { ...item, id: 'unplanned' }]);
    return { ...grown, results: [...execution.results, { ...result, item: 'unplanned' }] };
  }),
  changing('item-waiting-for-itself', (execution) =>
    withItems(execution, (items) =>
      items.map((item, index) => (index === 0 ? { ...item, after: [...item.after, item.id] } : item)),
    ),
  ),
  changing('more-at-once', (execution) => ({
    ...execution,
    graph: { ...execution.graph, parallel: execution.graph.parallel + 1 },
  })),
  changing('more-repairs-left', (execution) => ({
    ...execution,
    graph: { ...execution.graph, repairs: execution.graph.repairs + 1 },
  })),
  changing('negative-repairs', (execution) => ({ ...execution, graph: { ...execution.graph, repairs: -1 } })),
  changingResult('reused-from-another-run', any, (result) => ({ ...result, reusedFrom: 'another-run' })),
  changingResult(
    'reuse-hidden',
    ({ reusedFrom }) => reusedFrom !== undefined,
    ({ reusedFrom: _, ...result }) => result,
  ),
  changingResult('over-long-summary', any, (result) => ({ ...result, summary: 'x'.repeat(201) })),
  changingResult('over-long-media-type', any, (result) => ({
    ...result,
    outcome: { ...result.outcome, mediaType: 'x'.repeat(101) },
  })),
  changingResult('negative-size', any, (result) => ({ ...result, outcome: { ...result.outcome, size: -1 } })),
  changingResult('wrong-size', any, (result) => ({
    ...result,
    outcome: { ...result.outcome, size: result.outcome.size + 1 },
  })),
  changingResult('digest-of-nothing', any, (result) => ({
    ...result,
    outcome: { ...result.outcome, digest: zero },
  })),
  changingResult('no-digest', any, (result) => ({
    ...result,
    outcome: { ...result.outcome, digest: '../outcome' },
  })),
  changingResult(
    'consolidation-not-accepted',
    ({ agent, accepted }) => agent === null && accepted,
    (result) => ({ ...result, accepted: false }),
  ),
  changingResult('no-agent', byAgent, (result) => ({ ...result, agent: null })),
  changingResult('agent-not-assigned', byAgent, (result) => ({
    ...result,
    agent: { ...result.agent, id: 'somebody.else' },
  })),
  changingResult('manifest-of-another-agent', byAgent, (result, { outcome: execution }) => {
    const other = execution.results.find(({ agent }) => agent && agent.manifest !== result.agent?.manifest);
    return other && { ...result, agent: { ...result.agent, manifest: other.agent?.manifest } };
  }),
  changingResult(
    'barrier-by-an-agent',
    ({ agent }) => agent === null,
    (result, { outcome: execution }) => {
      const other = execution.results.find(byAgent);
      return other && { ...result, agent: other.agent };
    },
  ),
];
