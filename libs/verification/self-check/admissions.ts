import { canonicalJson } from '../../artifacts/canonical-json.js';
import { digestOfJson } from '../../artifacts/digest-of-json.js';
import { type Ledger, ledgerSchema } from '../../contracts/discovery.js';
import type { GraphItem } from '../../contracts/graph.js';
import { assignmentSchema, type Execution } from '../../contracts/phase.js';
import { admitted } from '../../discovery/admitted.js';
import type { Digest } from '../../protocol/digest.js';
import type { Judged } from '../judged.js';
import { inputOf, readInput } from '../read-input.js';

/** Ledgers in a chain that are followed; an execution cannot have led to more. */
const longestChain = 20_000;

/**
 * What is wrong with the items that were added for discoveries: each ledger of the chain must follow from the one before
 * it and from what its item found, and all items that they lead to must be in the graph, as they were made, and no others.
 */
export async function admissionProblems(judged: Judged, execution: Execution): Promise<string[]> {
  const problems: string[] = [];
  const made = new Map<string, GraphItem>();
  const byId = new Map(execution.graph.items.map((item) => [item.id, item]));
  const results = new Map(execution.results.map((result) => [result.item, result]));
  const codes = new Map(execution.unfinished.map(({ item, code }) => [item, code]));
  const finders = new Set<string>();
  for (const { digest, ledger, before } of await chainOf(judged, execution.ledger)) {
    const by = finderOf(ledger, before);
    if (by !== undefined) finders.add(by);
    const item = by === undefined ? undefined : byId.get(by);
    if (!item) {
      problems.push(`The ledger ${digest} says of nobody who is in the graph what was found.`);
      continue;
    }
    const result = results.get(item.id) ?? null;
    const again = await admitted(judged.store, {
      accepted: inputOf(judged, 'accepted'),
      assignment: inputOf(judged, 'assignment'),
      item,
      result,
      code: result === null ? (codes.get(item.id) ?? 'Unexpected') : null,
      ledger: ledger.previous,
    });
    if (again.ledger === null || digestOfJson(again.ledger) !== digest)
      problems.push(`What is said of the discoveries of ${item.id} does not follow from its outcome.`);
    for (const one of again.items) made.set(one.id, one);
  }
  for (const { item, discoveries, standIn, reusedFrom } of execution.results) {
    // Those of an earlier run, and of another item's result, were looked at there.
    if (discoveries === undefined || standIn !== undefined || reusedFrom !== undefined) continue;
    if (!finders.has(item)) problems.push(`What ${item} discovered is in no ledger.`);
  }
  const { graph: plan } = await readInput(judged, 'assignment', assignmentSchema);
  const planned = new Set(plan.items.map(({ id }) => id));
  for (const item of execution.graph.items) {
    // What an earlier run left was planned.
    if (!item.rules?.discovered || planned.has(item.id)) continue;
    const expected = made.get(item.id);
    if (!expected) problems.push(`The item ${item.id} was added for a discovery that nobody made.`);
    else if (canonicalJson(expected) !== canonicalJson(item))
      problems.push(`The item ${item.id} is not as its discovery makes it.`);
  }
  for (const id of made.keys())
    if (!byId.has(id)) problems.push(`The item ${id} was admitted and is not in the graph.`);
  return problems;
}

interface Link {
  readonly digest: Digest;
  readonly ledger: Ledger;
  /** The ledger before; undefined for the first. */
  readonly before: Ledger | undefined;
}

/** The ledgers from the first to the last. */
async function chainOf({ store }: Judged, last: Digest | undefined): Promise<Link[]> {
  const chain: { digest: Digest; ledger: Ledger }[] = [];
  for (let digest = last; digest !== undefined && chain.length < longestChain; ) {
    const ledger: Ledger = await store.getJson(digest, ledgerSchema);
    chain.unshift({ digest, ledger });
    digest = ledger.previous ?? undefined;
  }
  return chain.map((link, index) => ({ ...link, before: chain[index - 1]?.ledger }));
}

/** The item whose discoveries, result or failure a ledger took in. */
function finderOf({ entries, consumed }: Ledger, before: Ledger | undefined): string | undefined {
  const entry = entries[before?.entries.length ?? 0];
  return entry?.by ?? consumed[before?.consumed.length ?? 0]?.result;
}
