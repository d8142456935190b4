import type { ArtifactStore } from '../artifacts/artifact-store.js';
import type { BarrierItem } from '../contracts/activities.js';
import { acceptedRequestSchema, assignmentSchema } from '../contracts/phase.js';
import type { Checkpoint, Synthesis } from '../contracts/reports/synthesis.js';
import { templateSchema } from '../contracts/template.js';
import { checkpoint } from './checkpoint.js';
import { consolidate } from './consolidate.js';
import { readResults } from './read-results.js';
import { ofKind } from './report.js';

type Barrier = Omit<BarrierItem, 'run'>;

/**
 * What a consolidation makes of the results before it.
 *
 * @throws HeptadError `InputInvalid` an outcome does not keep to its contract; `ArtifactUnknown`, `ArtifactCorrupt`
 */
export async function consolidationOutcome(store: ArtifactStore, barrier: Barrier): Promise<Synthesis> {
  const { item, missing } = barrier;
  const { arrived, assignment, template } = await read(store, barrier);
  const { graph, budgets } = assignment;
  return consolidate({
    phase: `${item.category}_consolidation`,
    arrived,
    missing,
    graph,
    budgets,
    weights: template.fitness,
  });
}

/**
 * What a checkpoint finds of the consolidation before it.
 *
 * @throws HeptadError as {@link consolidationOutcome} does
 */
export async function checkpointOutcome(store: ArtifactStore, barrier: Barrier): Promise<Checkpoint> {
  const { arrived, assignment } = await read(store, barrier);
  const [synthesis] = ofKind(arrived, 'synthesis');
  const consolidation = assignment.graph.items.find(
    ({ id, kind }) => kind === 'consolidation' && barrier.item.after.includes(id),
  );
  return checkpoint(synthesis?.report, consolidation?.after ?? []);
}

async function read(store: ArtifactStore, { accepted, assignment: assignmentRef, results }: Barrier) {
  const [{ request }, assignment] = await Promise.all([
    store.getJson(accepted.digest, acceptedRequestSchema),
    store.getJson(assignmentRef.digest, assignmentSchema),
  ]);
  const template = await store.getJson(request.template.digest, templateSchema);
  // A graph grows by repairs, which are of the same items; those of a plan are enough to read results by.
  const arrived = await readResults(store, results, assignment.graph.items, template);
  return { arrived, assignment, template };
}
