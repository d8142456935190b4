import type { ArtifactStore } from '../artifacts/artifact-store.js';
import type { BarrierItem } from '../contracts/activities.js';
import { acceptedRequestSchema, assignmentSchema } from '../contracts/phase.js';
import type { Checkpoint, Synthesis } from '../contracts/reports/synthesis.js';
import { templateSchema } from '../contracts/template.js';
import { bodyOf, expectedReport } from '../templates/expected-report.js';
import { checkpoint, checkpointAlone } from './checkpoint.js';
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
  const ended = new Set([...barrier.results.map((result) => result.item), ...missing]);
  const { arrived, assignment, template } = await read(store, barrier);
  const { graph, budgets } = assignment;
  return consolidate({
    phase: `${item.category}_consolidation`,
    arrived,
    missing,
    notNeeded: item.after.filter((id) => !ended.has(id)),
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
  const { arrived, assignment, template } = await read(store, barrier);
  const { items } = assignment.graph;
  const consolidation = items.find(
    ({ id, kind }) => kind === 'consolidation' && barrier.item.after.includes(id),
  );
  if (!consolidation) return checkpointAlone(arrived, barrier);
  const [synthesis] = ofKind(arrived, 'synthesis');
  const expected = consolidation.after;
  const asked = new Set(
    items
      .filter(({ id }) => expected.includes(id))
      .map(({ body }) => expectedReport(template, bodyOf(template, body)).name),
  );
  return checkpoint(synthesis?.report, expected, {
    architecture: asked.has('architecture'),
    infrastructure: asked.has('infrastructure'),
  });
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
