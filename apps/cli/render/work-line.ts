import type { RunProgress } from '../../../libs/contracts/progress.js';
import { duration } from './duration.js';

/** How far the work is, as one line: `62 % of the work, 9 of 16 items, about 3 min 05 s left (until 09:42:00 UTC)`. */
export function workLine({ progress, tracker, estimatedCompletion }: RunProgress, now: number): string {
  const { completed, total_steps: total } = tracker;
  const left = estimatedCompletion === null ? null : Date.parse(estimatedCompletion) - now;
  return [
    `${Math.round(progress)} % of the work`,
    `${completed} of ${total} items`,
    ...(left === null || estimatedCompletion === null
      ? []
      : [`about ${duration(left)} left (until ${estimatedCompletion.slice(11, 19)} UTC)`]),
  ].join(', ');
}
