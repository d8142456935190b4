import type { Execution } from '../contracts/phase.js';
import type { SnapshotRef } from '../contracts/subject.js';

/** A workspace that an item handed back and nobody worked on any more. */
export interface HandedOn {
  readonly item: string;
  readonly workspace: SnapshotRef;
}

/** Whether anything in the graph competes: then what is delivered is a candidate, or made of candidates. */
export const hasCandidates = ({ graph }: Pick<Execution, 'graph'>): boolean =>
  graph.items.some(({ candidate }) => candidate !== null);

/**
 * The workspaces that the work ends with, in the graph's order: those on which no other item with a workspace worked.
 * What did another item's work in its place, and what another one is made of, has ended in that one.
 */
export function handedOn({ graph, results }: Pick<Execution, 'graph' | 'results'>): HandedOn[] {
  const written = new Map(results.flatMap((one) => (one.workspace ? [[one.item, one] as const] : [])));
  const goneOn = new Set<string>();
  for (const { id, workspace, rules } of graph.items) {
    const result = written.get(id);
    if (result)
      for (const other of [workspace, result.standIn, ...(rules?.merges ?? [])])
        if (other !== null && other !== undefined) goneOn.add(other);
    if (rules?.standby && written.has(rules.standby.for)) goneOn.add(id);
  }
  return graph.items.flatMap(({ id }) => {
    const workspace = written.get(id)?.workspace;
    return workspace && !goneOn.has(id) ? [{ item: id, workspace }] : [];
  });
}
