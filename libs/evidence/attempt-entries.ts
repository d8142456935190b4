import type { ArtifactStore } from '../artifacts/artifact-store.js';
import { parseJson } from '../artifacts/parse-json.js';
import { type Attempt, type AttemptLog, attemptSchema } from '../contracts/evidence.js';
import { type ActivityName, activityPrefix, workflowPrefix } from './activity-name.js';
import { type ProvenStep, readSteps } from './step-entries.js';

/** One attempt of an activity, as its two entries are named by. */
export interface AttemptName extends ActivityName {
  /** 1 for the first. */
  readonly attempt: number;
}

/** The worker of an attempt of which nothing was heard. */
const workerUnknown = 'unknown';

/** Name of the entry that says that an attempt began, or how it ended: both hold an `Attempt`. */
export function attemptEntryName({ attempt, ...activity }: AttemptName, which: 'begin' | 'end'): string {
  return `${activityPrefix(activity)}${String(attempt).padStart(6, '0')}-${which}.json`;
}

/**
 * The attempts of a workflow's activities and the steps that they proved. An attempt whose end is not known has the
 * last step that bears its number.
 */
export async function readAttemptLog(
  store: ArtifactStore,
  run: string,
  workflowId: string,
): Promise<AttemptLog> {
  const attempts = await readAttempts(store, run, workflowId);
  const known = new Set(attempts.map(nameOf));
  // An attempt that its workflow gave up may still go on, and another may begin: what came since is left out.
  const steps = (await readSteps(store, run, workflowId)).filter(({ step }) => known.has(nameOf(step)));
  return {
    version: 1,
    attempts: attempts.map((attempt) =>
      attempt.outcome === 'unknown' ? { ...attempt, lastStep: lastOf(attempt, steps) } : attempt,
    ),
    steps: steps.map(({ step }) => step),
  };
}

const nameOf = ({ key, attempt }: Pick<Attempt, 'key' | 'attempt'>): string => `${key}, ${attempt}`;

const lastOf = (attempt: Attempt, steps: readonly ProvenStep[]): Attempt['lastStep'] =>
  steps.findLast(({ step }) => nameOf(step) === nameOf(attempt))?.digest ?? null;

/**
 * Every attempt of a workflow's activities that is known of, by activity and number. One that began without an
 * end, and a number that is missing before a later one, have the outcome `unknown`.
 *
 * @param only the id of the one activity that is asked for; left out: all of them
 */
export async function readAttempts(
  store: ArtifactStore,
  run: string,
  workflowId: string,
  only?: string,
): Promise<Attempt[]> {
  const prefix = workflowPrefix(run, workflowId);
  const asked = only === undefined ? prefix : activityPrefix({ run, workflowId, activityId: only });
  const activities = new Map<string, Map<number, { begin?: Attempt; end?: Attempt }>>();
  for (const name of await store.entries.list(asked)) {
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
      lastStep: null,
    };
  });
}
