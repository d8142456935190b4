import type { ArtifactStore } from '../artifacts/artifact-store.js';
import { parseJson } from '../artifacts/parse-json.js';
import { type Attempt, attemptSchema } from '../contracts/evidence.js';

/** One attempt of an activity, as its two entries are named by. */
export interface AttemptName {
  readonly run: string;
  readonly workflowId: string;
  readonly activityId: string;
  /** 1 for the first. */
  readonly attempt: number;
}

/** The worker of an attempt of which nothing was heard. */
const workerUnknown = 'unknown';

/**
 * The id by which the log knows an activity. Local activities have none of their own, only a number within the run
 * of their workflow.
 */
export const loggedActivityId = (info: {
  activityId: string;
  activityType: string;
  isLocal: boolean;
}): string => (info.isLocal ? `${info.activityType}.local-${info.activityId}` : info.activityId);

// An entry's segment has no slash; a workflow id has no underscore.
const prefixOf = (run: string, workflowId: string): string =>
  `attempts/${run}/${workflowId.replaceAll('/', '_')}/`;

/** Name of the entry that says that an attempt began, or how it ended: both hold an `Attempt`. */
export function attemptEntryName(
  { run, workflowId, activityId, attempt }: AttemptName,
  which: 'begin' | 'end',
): string {
  return `${prefixOf(run, workflowId)}${activityId}/${String(attempt).padStart(6, '0')}-${which}.json`;
}

/**
 * Every attempt of a workflow's activities that is known of, by activity and number. One that began without an
 * end, and a number that is missing before a later one, have the outcome `unknown`.
 */
export async function readAttempts(
  store: ArtifactStore,
  run: string,
  workflowId: string,
): Promise<Attempt[]> {
  const prefix = prefixOf(run, workflowId);
  const activities = new Map<string, Map<number, { begin?: Attempt; end?: Attempt }>>();
  for (const name of await store.entries.list(prefix)) {
    const found = /^([^/]+)\/(\d{6,})-(begin|end)\.json$/.exec(name.slice(prefix.length));
    const bytes = found && (await store.entries.get(name));
    if (!found || !bytes) continue;
    const [, activityId = '', number = '', which = ''] = found;
    const attempts = activities.get(activityId) ?? new Map();
    activities.set(activityId, attempts);
    const attempt = parseJson(bytes, attemptSchema, `The entry ${name}`);
    attempts.set(Number(number), { ...attempts.get(Number(number)), [which]: attempt });
  }
  return [...activities].flatMap(([activityId, attempts]) =>
    inOrder(`${workflowId}:${activityId}`, attempts),
  );
}

function inOrder(key: string, attempts: ReadonlyMap<number, { begin?: Attempt; end?: Attempt }>): Attempt[] {
  const [some] = attempts.values();
  const activity = some?.end?.activity ?? some?.begin?.activity ?? '';
  return Array.from({ length: Math.max(...attempts.keys()) }, (_, index): Attempt => {
    const attempt = index + 1;
    const { begin, end } = attempts.get(attempt) ?? {};
    if (end) return end;
    if (begin) return { ...begin, endedAt: null, outcome: 'unknown', code: null };
    return {
      key,
      activity,
      attempt,
      startedAt: null,
      endedAt: null,
      outcome: 'unknown',
      code: null,
      worker: workerUnknown,
      sandbox: null,
    };
  });
}
