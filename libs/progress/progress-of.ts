import type { GraphItem } from '../contracts/graph.js';
import type { RunProgress } from '../contracts/progress.js';
import type { RollbackPoint } from '../contracts/resumption.js';
import type { RunView } from '../contracts/run.js';
import { estimate, type Timed } from './estimate.js';

type ItemView = NonNullable<RunView['items']>[number];

/** What progress is made from. */
export interface Watched {
  readonly view: Pick<RunView, 'id' | 'state' | 'phase' | 'closedAt' | 'awaits'>;
  /** The items as they stand; empty before there are any. */
  readonly items: readonly ItemView[];
  /** The same items as they were planned, for what they wait for and how long they are expected to take. */
  readonly planned: readonly GraphItem[];
  readonly parallel: number;
  /** States that another run can start from, as they were reached. */
  readonly points: readonly RollbackPoint[];
  /** Milliseconds since 1970. */
  readonly now: number;
}

const running: ReadonlySet<string> = new Set(['running', 'retrying']);
const ended: ReadonlySet<string> = new Set(['completed', 'failed', 'skipped', 'cancelled', 'timeout']);

const waitsForPerson = ({ status }: ItemView): boolean =>
  status === 'awaiting_review' || status === 'blocked';

/** How far a run is and when its items are expected to have ended. Pure. */
export function progressOf(watched: Watched): RunProgress {
  const { view, items, planned, parallel, points, now } = watched;
  const isClosed = view.closedAt !== null;
  const timed = timedOf(items, planned);
  const { percent, leftMs, leftOf } = estimate(timed, parallel, now);
  const active = items.filter(({ status }) => running.has(status) && !isClosed);
  const current = active[0] ?? (isClosed ? undefined : items.find(waitsForPerson));
  const at = (ms: number | null): string | null =>
    isClosed || ms === null || ms <= 0 ? null : new Date(now + Math.round(ms)).toISOString();
  return {
    run: view.id,
    state: view.state,
    currentPhase: view.phase,
    currentCategory: current?.category ?? null,
    progress: isClosed ? 100 : Math.min(99, percent),
    estimatedCompletion: at(leftMs),
    activeAgents: [...new Set(active.flatMap(({ agent }) => agent ?? []))],
    blockers: isClosed ? [] : [...blockersOfRun(view), ...personsFirst(items).flatMap(blockersOfItem)],
    tracker: {
      total_steps: items.length,
      completed: items.filter(({ status }) => status === 'completed').length,
      current_step: current?.startedAt
        ? {
            name: current.title,
            started: current.startedAt,
            // Nobody knows how long a person takes.
            estimated_completion: waitsForPerson(current) ? null : at(leftOf(current.id)),
            blockers: [...blockersOfRun(view), ...blockersOfItem(current)],
          }
        : null,
      rollback_points: [...points],
    },
  };
}

function timedOf(items: readonly ItemView[], planned: readonly GraphItem[]): Timed[] {
  const plans = new Map(planned.map((item) => [item.id, item]));
  return items.map(({ id, category, status, startedAt, endedAt, progress }) => ({
    item: plans.get(id) ?? { id, category, after: [] },
    state: ended.has(status) ? 'ended' : running.has(status) ? 'running' : 'waiting',
    startedAt: startedAt === null ? null : Date.parse(startedAt),
    endedAt: endedAt === null ? null : Date.parse(endedAt),
    percent: progress?.percent ?? null,
  }));
}

/** What keeps the whole run from going on by itself. */
const blockersOfRun = ({ state, awaits }: Watched['view']): string[] => [
  ...(state === 'paused' || state === 'pausing' ? [`The run is ${state}.`] : []),
  ...(awaits ? [`${awaits.phase} waits for a person: ${awaits.says}`] : []),
];

const personsFirst = (items: readonly ItemView[]): ItemView[] =>
  items.toSorted((a, b) => Number(waitsForPerson(b)) - Number(waitsForPerson(a)));

/** What keeps an item, or what comes after it, from going on by itself. */
function blockersOfItem({ id, status, code }: ItemView): string[] {
  switch (status) {
    case 'blocked':
      return [`${id} waits for a person${code === null ? '' : ` after ${code}`}.`];
    case 'awaiting_review':
      return [`${id} waits for a person's review.`];
    case 'failed':
      return [`${id} failed${code === null ? '' : ` with ${code}`}.`];
    case 'timeout':
      return [`${id} did not end in time${code === null ? '' : ` with ${code}`}.`];
    default:
      return [];
  }
}
