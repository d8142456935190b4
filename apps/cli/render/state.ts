import type { RunState } from '../../../libs/protocol/states.js';
import type { Colors } from '../terminal.js';

/** A run's state in its colour. */
export function state(name: RunState, colors: Colors): string {
  switch (name) {
    case 'completed':
    case 'completed-conditionally':
      return colors.green(name);
    case 'running':
      return colors.cyan(name);
    case 'waiting':
    case 'pausing':
    case 'paused':
      return colors.yellow(name);
    case 'blocked':
    case 'failed':
    case 'cancelled':
    case 'terminated':
    case 'timed-out':
      return colors.red(name);
  }
}
