import { z } from 'zod';
import type { ArtifactStore } from '../artifacts/artifact-store.js';
import type { ArtifactRef } from '../contracts/artifact.js';
import { emptyLedger, type Ledger, ledgerSchema } from '../contracts/discovery.js';
import type { GraphItem, ItemResult } from '../contracts/graph.js';
import { acceptedRequestSchema, assignmentSchema } from '../contracts/phase.js';
import { templateSchema } from '../contracts/template.js';
import { expandConsumers } from '../graph/expand.js';
import type { Digest } from '../protocol/digest.js';
import { admit } from './admit.js';

/** What an item found, by what it is kept as. */
export interface FoundWork {
  readonly accepted: ArtifactRef;
  readonly assignment: ArtifactRef;
  readonly item: GraphItem;
  readonly result: ItemResult | null;
  readonly code: string | null;
  /** The ledger so far; null for the first. */
  readonly ledger: Digest | null;
}

/**
 * Reads what was found and admits it; see {@link admit}. The control queue and those who verify do it in the same way.
 *
 * @returns the ledger is null where nothing was found
 *
 * @throws HeptadError `ArtifactUnknown`, `ArtifactCorrupt`, `InputInvalid`
 */
export async function admitted(
  store: ArtifactStore,
  { accepted, assignment, item, result, code, ledger: previous }: FoundWork,
): Promise<{ readonly items: GraphItem[]; readonly ledger: Ledger | null }> {
  const [{ request }, { graph, items: assigned }, ledger, outcome] = await Promise.all([
    store.getJson(accepted.digest, acceptedRequestSchema),
    store.getJson(assignment.digest, assignmentSchema),
    previous === null ? emptyLedger : store.getJson(previous, ledgerSchema),
    result === null ? null : store.getJson(result.outcome.digest, z.unknown()),
  ]);
  const template = await store.getJson(request.template.digest, templateSchema);
  const agents = new Map(assigned.map((one) => [one.item, one.agents]));
  const made = admit({
    template,
    planned: new Set(graph.items.map(({ id }) => id)),
    blueprints: new Map(
      expandConsumers(template).map((blueprint) => [
        blueprint.id,
        { ...blueprint, agents: agents.get(blueprint.id) ?? [] },
      ]),
    ),
    item,
    result,
    outcome,
    code,
    ledger: { ...ledger, entries: [...ledger.entries], consumed: [...ledger.consumed] },
  });
  const changed =
    made.ledger.entries.length > ledger.entries.length ||
    made.ledger.consumed.length > ledger.consumed.length;
  return { items: made.items, ledger: changed ? { ...made.ledger, previous } : null };
}
