import type { ArtifactStore } from '../../libs/artifacts/artifact-store.js';
import type { BarrierItem } from '../../libs/contracts/activities.js';
import type { ItemResult } from '../../libs/contracts/graph.js';
import { acceptedRequestSchema } from '../../libs/contracts/phase.js';
import type { Checkpoint, Synthesis } from '../../libs/contracts/reports/synthesis.js';
import { templateSchema } from '../../libs/contracts/template.js';
import { HeptadError } from '../../libs/protocol/errors.js';
import { firstOf } from '../../libs/synthesis/order.js';
import { doneProblems } from '../../libs/templates/done-problems.js';
import { bodyOf } from '../../libs/templates/expected-report.js';
import { factsOfOutcome } from '../../libs/templates/facts-of-outcome.js';

interface Made {
  readonly outcome: Synthesis | Checkpoint;
  readonly summary: string;
  readonly accepted: boolean;
}

/**
 * Stores what a barrier made and makes its result, with the facts that the graph asked for. Its measurements say when it
 * was made, in ISO 8601, and of how many results: the outcome itself is the same at every execution.
 *
 * @throws HeptadError `NotDone` it is not done as its template says (not retried)
 */
export async function barrierResult(
  store: ArtifactStore,
  { item, accepted: request, results }: BarrierItem,
  { outcome, summary, accepted }: Made,
): Promise<ItemResult> {
  const { request: parsed } = await store.getJson(request.digest, acceptedRequestSchema);
  const template = await store.getJson(parsed.template.digest, templateSchema);
  const { done } = bodyOf(template, item.body);
  const problems =
    done.command === undefined
      ? doneProblems(done, outcome)
      : [`A ${item.kind} hands back no workspace in which "${done.command}" could be run: ${done.says}`];
  if (problems.length > 0)
    throw new HeptadError('NotDone', `${item.id} is not done. ${firstOf(problems)} It came to: ${summary}.`);
  const facts = factsOfOutcome(outcome, item.rules?.facts ?? []);
  return {
    item: item.id,
    agent: null,
    outcome: await store.putJson(outcome),
    measurements: await store.putJson({
      timestamp: new Date().toISOString(),
      collected: results.length,
      expected: item.after.length,
    }),
    workspace: null,
    summary: summary.slice(0, 200).toWellFormed(),
    accepted,
    ...(Object.keys(facts).length > 0 ? { facts } : {}),
  };
}
