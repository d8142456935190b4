import type { Execution } from '../contracts/phase.js';
import type { SnapshotRef } from '../contracts/subject.js';
import { isNotNeeded } from '../graph/not-needed.js';

/** A workspace that an item handed back, or that was merged for it, and nobody changed any more. */
export interface HandedOn {
  readonly item: string;
  readonly workspace: SnapshotRef;
}

/**
 * Whether anything competes: then what is delivered is a candidate, or made of candidates. Candidates that were not needed
 * do not.
 */
export function hasCandidates({ graph, unfinished }: Pick<Execution, 'graph' | 'unfinished'>): boolean {
  const spared = new Set(unfinished.filter(isNotNeeded).map(({ item }) => item));
  return graph.items.some(({ id, candidate }) => candidate !== null && !spared.has(id));
}

/**
 * The workspaces that the work ends with, in the graph's order: those on which no other item with a workspace worked. What
 * was merged for an item that changes nothing is that item's. What did another item's work in its place, and what another one is made of, has ended in that one.
 */
export function handedOn({ graph, results }: Pick<Execution, 'graph' | 'results'>): HandedOn[] {
  const written = new Map(
    results.flatMap((one) => (one.workspace || one.workedOn ? [[one.item, one] as const] : [])),
  );
  const goneOn = new Set<string>();
  for (const { id, workspace, rules } of graph.items) {
    const result = written.get(id);
    if (result)
      for (const other of [workspace, result.standIn, ...(rules?.merges ?? [])])
        if (other !== null && other !== undefined) goneOn.add(other);
    if (rules?.standby && written.has(rules.standby.for)) goneOn.add(id);
  }
  return graph.items.flatMap(({ id }) => {
    const result = written.get(id);
    const workspace = result?.workspace ?? result?.workedOn;
    return workspace && !goneOn.has(id) ? [{ item: id, workspace }] : [];
  });
}
