import type { z } from 'zod';
import type { RunSummary, runListSchema } from '../../../libs/contracts/run.js';
import { isClosed } from '../exit-code.js';
import type { Colors } from '../terminal.js';
import { duration, elapsed } from './duration.js';
import { table } from './table.js';

/** Runs as a table, and how to see more of them. */
export function runList(
  list: z.infer<typeof runListSchema>,
  { now, colors }: { readonly now: number; readonly colors: Colors },
): string {
  const columns = [
    { head: 'run' },
    { head: 'state' },
    { head: 'subject' },
    { head: 'started', align: 'right' },
    { head: 'time', align: 'right' },
  ] as const;
  const rows = list.runs.map((run) => [
    run.id,
    stateOf(run),
    run.subject,
    ago(now - Date.parse(run.startedAt)),
    duration(elapsed(run.startedAt, run.closedAt, now) ?? 0),
  ]);
  const shown = rows.length === 0 ? 'No runs.' : table(columns, rows, colors);
  return list.next === null ? shown : `${shown}\n\nMore: heptad runs --cursor ${list.next}`;
}

/** Of a run that goes on also where it is. */
const stateOf = ({ state, phase }: RunSummary): string =>
  isClosed(state) || phase === null ? state : `${state}, ${phase}`;

/** How long ago something was, in its largest unit. */
function ago(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  return seconds < 86_400 ? `${Math.floor(seconds / 3600)} h ago` : `${Math.floor(seconds / 86_400)} d ago`;
}
