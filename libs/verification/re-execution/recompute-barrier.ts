import type { GraphItem, ItemResult } from '../../contracts/graph.js';
import { acceptedRequestSchema, assignmentSchema, type Execution } from '../../contracts/phase.js';
import type { Checkpoint, Synthesis } from '../../contracts/reports/synthesis.js';
import { templateSchema } from '../../contracts/template.js';
import { checkpoint } from '../../synthesis/checkpoint.js';
import { consolidate } from '../../synthesis/consolidate.js';
import { readResults } from '../../synthesis/read-results.js';
import { ofKind } from '../../synthesis/report.js';
import type { Judged } from '../judged.js';
import { readInput } from '../read-input.js';

/** Recomputes a barrier from the outcomes that it waited for, and compares its outcome by digest. */
export async function recomputeBarrier(
  judged: Judged,
  execution: Execution,
  item: GraphItem,
  first: ItemResult,
): Promise<{ looked: string; problems: string[] }> {
  const { digest } = await judged.store.putJson(await recomputed(judged, execution, item));
  return {
    looked: 'Recomputed from its inputs: equal by digest.',
    problems:
      digest === first.outcome.digest
        ? []
        : [`The outcome differs: ${first.outcome.digest}, then ${digest}.`],
  };
}

async function recomputed(
  judged: Judged,
  execution: Execution,
  item: GraphItem,
): Promise<Synthesis | Checkpoint> {
  const accepted = await readInput(judged, 'accepted', acceptedRequestSchema);
  const { graph, budgets } = await readInput(judged, 'assignment', assignmentSchema);
  const template = await judged.store.getJson(accepted.request.template.digest, templateSchema);
  const before = execution.results.filter((result) => item.after.includes(result.item));
  const arrived = await readResults(judged.store, before, execution.graph.items, template);
  const missing = item.after.filter((id) => !before.some((result) => result.item === id));
  if (item.kind === 'consolidation') {
    const phase = `${item.category}_consolidation`;
    return consolidate({ phase, arrived, missing, graph, budgets, weights: template.fitness });
  }
  const [synthesis] = ofKind(arrived, 'synthesis');
  const consolidation = graph.items.find(
    ({ id, kind }) => kind === 'consolidation' && item.after.includes(id),
  );
  return checkpoint(synthesis?.report, consolidation?.after ?? []);
}
