import type { ArtifactStore } from '../artifacts/artifact-store.js';
import type { ArtifactRef } from '../contracts/artifact.js';
import { acceptedRequestSchema, executionSchema } from '../contracts/phase.js';
import { synthesisSchema } from '../contracts/reports/synthesis.js';
import { templateSchema } from '../contracts/template.js';
import { handedOn } from './handed-on.js';
import type { Judged } from './judged.js';
import { newSecrets } from './new-secrets.js';
import { readResults } from './read-results.js';
import { readScores } from './read-scores.js';
import { verifySnapshot } from './verify-snapshot.js';

/** What a judgement is made from. */
export interface JudgedRefs {
  readonly accepted: ArtifactRef;
  readonly executed: ArtifactRef;
  readonly synthesis: ArtifactRef;
  /** The record of execute. */
  readonly executeRecord: ArtifactRef;
}

/**
 * Reads what `judge` and `judgeDelivered` judge, and looks whether the captured subject is whole.
 *
 * @throws HeptadError `InputInvalid` an outcome does not keep to its contract, or the record is not that of this
 *   execution
 * @throws HeptadError `ArtifactUnknown`, `ArtifactCorrupt`
 */
export async function readJudged(
  store: ArtifactStore,
  { accepted, executed, synthesis, executeRecord }: JudgedRefs,
): Promise<Judged> {
  const [{ request, captured }, { graph, results, unfinished }] = await Promise.all([
    store.getJson(accepted.digest, acceptedRequestSchema),
    store.getJson(executed.digest, executionSchema),
  ]);
  const template = await store.getJson(request.template.digest, templateSchema);
  return {
    arrived: await readResults(store, results, graph.items, template),
    graph,
    unfinished,
    handedOn: handedOn({ graph, results }),
    tests: template.tests,
    synthesis: await store.getJson(synthesis.digest, synthesisSchema),
    weights: template.fitness,
    scores: await readScores(store, executeRecord, executed),
    rollback: await verifySnapshot(store, captured.snapshot),
    secretsOf: ({ workspace }) => newSecrets(store, captured.snapshot.digest, workspace),
  };
}
