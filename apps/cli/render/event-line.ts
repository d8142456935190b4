import type { RunEvent } from '../../../libs/contracts/run.js';
import { phaseNumber } from '../../../libs/protocol/phases.js';
import { plain } from './plain.js';

/** One event of a run as one line: time, where, what. */
export function eventLine(event: RunEvent): string {
  const phase = event.phase === null ? 'run' : `${phaseNumber(event.phase)}-${event.phase}`;
  const where = event.item === null ? phase : `${phase}/${plain(event.item)}`;
  const failure =
    event.failure === null ? '' : ` ${plain(event.failure.message)} [${plain(event.failure.code)}]`;
  return `${event.at}  ${where.padEnd(24)}  ${plain(event.says)}${failure}`;
}
