import type { ArtifactStore } from '../artifacts/artifact-store.js';
import type { ArtifactRef } from '../contracts/artifact.js';
import { acceptedRequestSchema, executionSchema } from '../contracts/phase.js';
import type { Synthesis } from '../contracts/reports/synthesis.js';
import { templateSchema } from '../contracts/template.js';
import { isNotNeeded } from '../graph/not-needed.js';
import { consolidate } from './consolidate.js';
import { exactlyOnce } from './exactly-once.js';
import { lackingOf } from './lacking.js';
import { readResults } from './read-results.js';

/** What the synthesis of a run is made from. */
export interface SynthesisedRefs {
  readonly accepted: ArtifactRef;
  readonly executed: ArtifactRef;
}

/**
 * Collects every item's result exactly once and settles conflicts: the synthesis of the whole run.
 *
 * @throws HeptadError `InputInvalid` an item is not accounted for exactly once, or breaks its contract
 * @throws HeptadError `ArtifactUnknown`, `ArtifactCorrupt`
 */
export async function synthesise(
  store: ArtifactStore,
  { accepted, executed }: SynthesisedRefs,
): Promise<Synthesis> {
  const [{ request }, execution] = await Promise.all([
    store.getJson(accepted.digest, acceptedRequestSchema),
    store.getJson(executed.digest, executionSchema),
  ]);
  exactlyOnce(execution);
  const template = await store.getJson(request.template.digest, templateSchema);
  const { graph, results, unfinished } = execution;
  return consolidate({
    phase: 'coordinate',
    arrived: await readResults(store, results, graph.items, template),
    missing: unfinished.filter((one) => !isNotNeeded(one)).map(({ item }) => item),
    lacking: lackingOf(unfinished, graph),
    notNeeded: unfinished.filter(isNotNeeded).map(({ item }) => item),
    graph,
    weights: template.fitness,
  });
}
