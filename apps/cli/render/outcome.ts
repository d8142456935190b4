import type { RunView } from '../../../libs/contracts/run.js';
import type { Colors } from '../terminal.js';
import { duration, elapsed } from './duration.js';
import { plain } from './plain.js';
import { state } from './state.js';

/** How a run ended, in one or two lines: state, decision, time, why, and where the package is. */
export function outcome(view: RunView, colors: Colors): string {
  const time = elapsed(view.startedAt, view.closedAt, Date.parse(view.closedAt ?? view.startedAt)) ?? 0;
  const decision = view.decision === null ? '' : `, decision ${view.decision}`;
  const lines = [`Run ${view.id}: ${state(view.state, colors)}${decision}, after ${duration(time)}.`];
  if (view.failure !== null) lines.push(`${plain(view.failure.message)} [${plain(view.failure.code)}]`);
  if (view.package !== null) lines.push(`package: ${view.package}`);
  return lines.join('\n');
}
