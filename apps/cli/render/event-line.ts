import type { StreamedEvent } from '../../../libs/contracts/run.js';
import { phaseNumber } from '../../../libs/protocol/phases.js';
import { plain } from './plain.js';

/** One event of a run as one line: time, where, what, and the failure where what is said does not tell it. */
export function eventLine({ at, phase, item, says, failure }: StreamedEvent): string {
  const place = phase === null ? 'run' : `${phaseNumber(phase)}-${phase}`;
  const where = item === null ? place : `${place}/${plain(item)}`;
  const why =
    failure === null || says.includes(failure.message) ? '' : ` ${failure.message} [${failure.code}]`;
  return `${at}  ${where.padEnd(24)}  ${plain(`${says}${why}`)}`;
}
