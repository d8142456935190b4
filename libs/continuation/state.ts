import { digestOfJson } from '../artifacts/digest-of-json.js';
import type { GraphItem, ItemResult } from '../contracts/graph.js';
import type { CapturedSubject } from '../contracts/subject.js';
import type { Digest } from '../protocol/digest.js';

/** What a run that goes on from another one finds done. */
export interface State {
  /** Of the workspace that was handed back last; null where several candidates have one each. */
  readonly workspace: Digest | null;
  readonly results: readonly ItemResult[];
}

/** The state of these results. */
export function stateOf(
  captured: CapturedSubject,
  items: readonly GraphItem[],
  results: readonly ItemResult[],
): State {
  const writing = results.filter(({ workspace }) => workspace !== null);
  const names = new Set(writing.map(({ item }) => item));
  const candidates = new Set(items.filter(({ id }) => names.has(id)).map(({ candidate }) => candidate));
  const last = writing.at(-1)?.workspace ?? captured.snapshot;
  return { workspace: candidates.size > 1 ? null : last.digest, results };
}

/** The digest of a state. What has the same digest is the same, since a state names everything by digest. */
export const digestOfState = ({ workspace, results }: State): Digest => digestOfJson({ workspace, results });
