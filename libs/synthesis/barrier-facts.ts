import type { FactPath, FactValue } from '../contracts/condition.js';
import type { GraphItem, ItemResult, UnfinishedItem } from '../contracts/graph.js';
import type { Lookup } from '../graph/conditions/evaluate.js';
import { factIn } from '../templates/fact-in.js';
import type { Collected } from './report.js';

/** What the facts of a barrier are taken from. */
export interface FactSource {
  readonly item: GraphItem;
  /** The items of the graph, by which an item of the template is found that stands for several. */
  readonly items: readonly GraphItem[];
  readonly arrived: readonly Collected[];
  readonly results: readonly Pick<ItemResult, 'item' | 'accepted'>[];
  readonly unfinished: readonly UnfinishedItem[];
  /** The run's input. */
  readonly input: unknown;
}

/**
 * Facts as a barrier sees them: `input.x`, and of the items that it waits for `status`, `accepted`, `code` and any field
 * of the outcome. An item of the template that stands for several is the first of them.
 */
export function barrierFacts({ item, items, arrived, results, unfinished, input }: FactSource): Lookup {
  const waitedFor = items.filter(({ id }) => item.after.includes(id));
  const reports = new Map(arrived.map((one) => [one.item, one.report]));
  const accepted = new Map(results.map((one) => [one.item, one.accepted]));
  const ended = new Map(unfinished.map((one) => [one.item, one]));
  const idOf = (root: string): string =>
    item.after.includes(root) ? root : (waitedFor.find(({ body }) => body === root)?.id ?? root);

  return ([root = '', ...names]: FactPath): FactValue | undefined => {
    if (root === 'input') return factIn(input, names);
    const id = idOf(root);
    const report = reports.get(id);
    const without = ended.get(id);
    switch (names.join('.')) {
      case 'status':
        return report ? 'completed' : without?.status;
      case 'code':
        return report ? null : without?.code;
      case 'accepted':
        return accepted.get(id);
      default:
        return report && factIn(report.kind === 'custom' ? report.outcome : report, names);
    }
  };
}
