import type { ItemResult, WorkGraph } from '../contracts/graph.js';
import type { RollbackPoint } from '../contracts/resumption.js';
import type { CapturedSubject } from '../contracts/subject.js';
import { needsAgent } from '../graph/needs-agent.js';
import { type DoneItem, keptResults } from './kept-results.js';
import { digestOfState, stateOf } from './state.js';

/** What a run has done so far. */
export interface Progress {
  readonly captured: CapturedSubject;
  /** When the subject was captured. ISO 8601. */
  readonly capturedAt: string;
  /** The graph as it was planned; null where none was. */
  readonly plan: WorkGraph | null;
  /** In the order in which they were done. */
  readonly done: readonly (DoneItem & { readonly at: string })[];
  /** When execute ended, however it did; null where it has not. ISO 8601. */
  readonly executedAt: string | null;
}

/** A rollback point with the results that its digest is of. */
export interface ReadPoint {
  readonly point: RollbackPoint;
  readonly results: readonly ItemResult[];
}

/**
 * The states of a run that another one can start from, in the order in which they were reached: the captured subject,
 * what was done when each barrier was passed, and what was done when execute had ended. A barrier whose result would not
 * be taken over is none.
 */
export function rollbackPoints({ captured, capturedAt, plan, done, executedAt }: Progress): ReadPoint[] {
  const at = (id: string, when: string, after: string | null, results: readonly ItemResult[]): ReadPoint => {
    const state = stateOf(
      captured,
      done.map(({ item }) => item),
      results,
    );
    return {
      point: {
        id,
        at: when,
        after,
        workspace: state.workspace,
        items: results.map(({ item }) => item),
        state: digestOfState(state),
      },
      results,
    };
  };
  const points = [at('subject', capturedAt, null, [])];
  if (!plan) return points;
  for (const [index, { item, result, at: when }] of done.entries()) {
    if (needsAgent(item.kind) || !result.accepted) continue;
    const kept = keptResults(plan, done.slice(0, index + 1));
    if (kept.includes(result)) points.push(at(`after-${item.id}`, when, item.id, kept));
  }
  return executedAt === null
    ? points
    : [...points, at('executed', executedAt, null, keptResults(plan, done))];
}
