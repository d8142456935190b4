import type { GraphItem, ItemResult } from '../contracts/graph.js';
import type { SnapshotRef } from '../contracts/subject.js';

/** What is known of the items before one: the workflow knows it from its state, a verifier from an execution. */
export interface ItemsBefore {
  item(id: string): GraphItem | undefined;
  /** The committed result; undefined where there is none. */
  result(id: string): ItemResult | undefined;
  isSkipped(id: string): boolean;
}

/** The workspace that an item works on, and what is merged into it. */
export interface Basis {
  /** Null for the captured subject's. */
  readonly workspace: SnapshotRef | null;
  /** What several items handed back, each made from `workspace`; empty where nothing is merged. */
  readonly merge: readonly SnapshotRef[];
}

/**
 * What an item works on: what the item that it names handed back or, where that one only read, worked on; where that one
 * was skipped, what it would have worked on. An item that merges works on what its items have in common.
 */
export function basisOf(item: GraphItem, before: ItemsBefore): Basis {
  const { merges } = item.rules ?? {};
  if (!merges) return { workspace: handedBy(item.workspace, before), merge: [] };
  const [first] = merges;
  const common = first === undefined ? undefined : before.item(first);
  return {
    workspace: common ? handedBy(common.workspace, before) : null,
    merge: merges.flatMap((id) => workspaceOf(before.result(id)) ?? []),
  };
}

function handedBy(id: string | null, before: ItemsBefore): SnapshotRef | null {
  let source = id;
  const seen = new Set<string>();
  // A template has no circle of workspaces; a wrong graph must not hold whoever looks.
  while (source !== null && before.isSkipped(source) && !seen.has(source)) {
    seen.add(source);
    source = before.item(source)?.workspace ?? null;
  }
  return source === null ? null : (workspaceOf(before.result(source)) ?? null);
}

const workspaceOf = (result: ItemResult | undefined): SnapshotRef | undefined =>
  result?.workspace ?? result?.workedOn;
