import { digestOfJson } from '../../artifacts/digest-of-json.js';
import type { GraphItem, ItemResult } from '../../contracts/graph.js';
import type { Execution } from '../../contracts/phase.js';
import { checkpointOutcome, consolidationOutcome } from '../../synthesis/barrier-outcome.js';
import type { Judged } from '../judged.js';
import { inputOf } from '../read-input.js';

/** Recomputes a barrier from the outcomes that it waited for, and compares its outcome by digest. */
export async function recomputeBarrier(
  judged: Judged,
  { graph, results: all, unfinished }: Execution,
  item: GraphItem,
  first: ItemResult,
): Promise<{ looked: string; problems: string[] }> {
  const results = all.filter((result) => item.after.includes(result.item));
  const barrier = {
    item,
    accepted: inputOf(judged, 'accepted'),
    assignment: inputOf(judged, 'assignment'),
    results,
    unfinished: unfinished.filter((one) => item.after.includes(one.item)),
    added: graph.items.filter(({ id }) => item.after.includes(id)),
  };
  const digest = digestOfJson(
    item.kind === 'consolidation'
      ? await consolidationOutcome(judged.store, barrier)
      : await checkpointOutcome(judged.store, barrier),
  );
  return {
    looked: 'Recomputed from its inputs: equal by digest.',
    problems:
      digest === first.outcome.digest
        ? []
        : [`The outcome differs: ${first.outcome.digest}, then ${digest}.`],
  };
}
