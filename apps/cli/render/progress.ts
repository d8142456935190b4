import type { RunProgress } from '../../../libs/contracts/progress.js';
import type { RunView } from '../../../libs/contracts/run.js';
import { phaseNumber } from '../../../libs/protocol/phases.js';
import type { Colors } from '../terminal.js';
import { duration, elapsed } from './duration.js';
import { plain } from './plain.js';
import { shorten } from './shorten.js';
import { state } from './state.js';
import { workLine } from './work-line.js';

type ItemView = NonNullable<RunView['items']>[number];

export interface ProgressOptions {
  /** Milliseconds since 1970: what runs is timed up to here. */
  readonly now: number;
  readonly columns: number;
  /** Lines that may be used; items that do not fit are counted instead. */
  readonly rows: number;
  readonly colors: Colors;
  /** One line below the rest, such as that the connection is lost. */
  readonly note?: string | null;
  /** How far the work is; left out or null where that is not known. */
  readonly work?: RunProgress | null;
  /** Items are shown whatever phase runs. */
  readonly allItems?: boolean;
}

/** A run as it stands: a head, a row for each of the seven phases, and the items below `execute`. */
export function progress(view: RunView, options: ProgressOptions): string {
  const { colors, columns, now } = options;
  const total = duration(elapsed(view.startedAt, view.closedAt, now) ?? 0);
  const title = `${plain(view.template)}  ${plain(view.subject ?? '')}`.trimEnd();
  const head = shorten(title, columns - view.state.length - total.length - 4);
  const lines = [
    `${colors.bold(head)}  ${state(view.state, colors)}  ${total}`,
    colors.dim(`run ${view.id}`),
    ...(options.work && options.work.tracker.total_steps > 0
      ? [shorten(workLine(options.work, now), columns)]
      : []),
    '',
    ...layOut(rowsOf(view, options), options),
  ];
  if (view.awaits) lines.push('', ...awaited(view.id, view.awaits, options));
  const held = heldItem(view);
  if (held) lines.push('', ...decidedBy(view.id, held, options));
  if (options.note) lines.push('', colors.yellow(shorten(plain(options.note), columns)));
  return lines.join('\n');
}

/** What a person can do about a run that waits for one. */
function awaited(
  id: string,
  awaits: NonNullable<RunView['awaits']>,
  { colors, columns }: ProgressOptions,
): string[] {
  const { phase, says, until } = awaits;
  return [
    colors.yellow(shorten(`${phase} waits for a person until ${plain(until)}: ${plain(says)}`, columns)),
    colors.dim(`heptad waive ${plain(id)} ${phase} --reason '…'`),
  ];
}

/** The first item that waits for a person; undefined where none does. */
const heldItem = ({ items }: RunView): ItemView | undefined =>
  items?.find(({ status }) => status === 'blocked' || status === 'awaiting_review');

/** What a person can do about an item that waits for one. */
function decidedBy(
  run: string,
  { id, status, code }: ItemView,
  { colors, columns }: ProgressOptions,
): string[] {
  const [says, first, ...others] =
    status === 'blocked'
      ? [
          `${id} failed${code === null ? '' : ` with ${code}`} and waits for a person`,
          'retry',
          'skip',
          'fail',
        ]
      : [`the result of ${id} waits for a person`, 'approve', 'reject'];
  return [
    colors.yellow(shorten(plain(says), columns)),
    colors.dim(`heptad ${first} ${plain(run)} ${plain(id)} --reason '…'   (or: ${others.join(', ')})`),
  ];
}

interface Row {
  /** With its indentation. */
  readonly name: string;
  /** A status of a phase or item; null where the row only says something. */
  readonly status: string | null;
  readonly time: string;
  readonly says: string;
}

function rowsOf(view: RunView, options: ProgressOptions): Row[] {
  return view.phases.flatMap((phase) => {
    const { failure, summary, startedAt, endedAt, state: status } = phase;
    const row: Row = {
      name: `${phaseNumber(phase.phase)} ${phase.phase}`,
      status,
      time: timeOf(startedAt, endedAt, options.now),
      says: failure === null ? (summary ?? '') : `${failure.code}: ${failure.message}`,
    };
    const withItems = phase.phase === 'execute' && (options.allItems === true || status === 'running');
    return withItems ? [row, ...itemRows(view, options)] : [row];
  });
}

function itemRows(view: RunView, { rows, now, work }: ProgressOptions): Row[] {
  if (view.items === null)
    return [note(`items are not known: ${view.itemsUnavailable ?? 'no worker answers'}`)];
  // The head, the work, seven phases, what is waited for and the note need their lines too.
  const room = Math.max(4, rows - (view.awaits ? 17 : 14) - (heldItem(view) ? 3 : 0) - (work ? 1 : 0));
  const shown = view.items.length <= room ? view.items : mostTelling(view.items, room - 1);
  const items = shown.map(({ id, status, code, summary, startedAt, endedAt, progress }) => ({
    name: `    ${plain(id)}`,
    status,
    time: timeOf(startedAt, endedAt, now),
    says: [code, summary ?? reached(progress)].filter((part) => part !== null).join(': '),
  }));
  const hidden = view.items.length - shown.length;
  return hidden === 0 ? items : [...items, note(`and ${hidden} more`)];
}

function reached(progress: ItemView['progress']): string | null {
  if (progress === null) return null;
  const { milestone, percent, partial } = progress;
  return `${milestone}, ${Math.round(percent)} %${partial === null ? '' : `, ${JSON.stringify(partial)}`}`;
}

const note = (text: string): Row => ({ name: `    ${plain(text)}`, status: null, time: '', says: '' });

/** What a screen too small for all shows first: what waits for somebody, then what failed, then what runs. */
const ranks: Readonly<Record<ItemView['status'], number>> = {
  blocked: 0,
  awaiting_review: 0,
  failed: 1,
  timeout: 1,
  retrying: 2,
  running: 3,
  paused: 3,
  ready: 4,
  pending: 5,
  completed: 6,
  cancelled: 7,
  skipped: 7,
};

/** The most telling items, in the order of the graph. */
function mostTelling(items: readonly ItemView[], room: number): readonly ItemView[] {
  const chosen = new Set(
    [...items].sort((one, other) => ranks[one.status] - ranks[other.status]).slice(0, room),
  );
  return items.filter((item) => chosen.has(item));
}

const timeOf = (startedAt: string | null, endedAt: string | null, now: number): string => {
  const span = elapsed(startedAt, endedAt, now);
  return span === null ? '' : duration(span);
};

/** Rows as aligned lines of at most so many columns; what does not fit is cut from what they say. */
function layOut(rows: readonly Row[], { colors, columns }: ProgressOptions): string[] {
  const cells = rows.filter(({ status }) => status !== null);
  const nameWidth = Math.min(32, widest(cells.map(({ name }) => name)));
  const statusWidth = widest(cells.map(({ status }) => word(status)));
  const timeWidth = widest(cells.map(({ time }) => time));
  const room = columns - nameWidth - statusWidth - timeWidth - 6;
  return rows.map(({ name, status, time, says }) => {
    if (status === null) return colors.dim(shorten(name, columns));
    const start = shorten(name, nameWidth).padEnd(nameWidth);
    if (time === '' && says === '') return `${start}  ${tint(status, colors)(word(status))}`;
    const told = tint(status, colors)(word(status).padEnd(statusWidth));
    const text = shorten(plain(says), room);
    return `${start}  ${told}  ${time.padStart(timeWidth)}${text === '' ? '' : `  ${colors.dim(text)}`}`;
  });
}

const widest = (texts: readonly string[]): number => Math.max(0, ...texts.map((text) => [...text].length));

/** The word that people read; what has not begun needs none. */
function word(status: string | null): string {
  if (status === 'completed') return 'done';
  return status === 'pending' || status === null ? '·' : status;
}

function tint(status: string, colors: Colors): (text: string) => string {
  switch (status) {
    case 'completed':
      return colors.green;
    case 'running':
      return colors.cyan;
    case 'retrying':
    case 'paused':
    case 'awaiting_review':
    case 'blocked':
      return colors.yellow;
    case 'ready':
    case 'pending':
    case 'skipped':
    case 'cancelled':
      return colors.dim;
    default:
      return colors.red;
  }
}
