import { firstOf } from './order.js';
import { type Collected, noAgent } from './report.js';

/** What was done and by whom, item by item; barriers only put together what others did. */
export const workDone = (inputs: readonly Collected[]): string[] =>
  inputs.filter(({ agent }) => agent !== noAgent).map(({ item, agent }) => `${item} by ${agent}`);

/** The same as a sentence about a run that ends with its reports, or with a workspace that nothing competed for. */
export function workDoneSays(inputs: readonly Collected[]): string {
  const done = workDone(inputs);
  if (done.length === 0) return '';
  const wrote = inputs.filter(({ workspace }) => workspace !== null).map(({ item }) => item);
  return [
    `Done: ${firstOf(done, 20)}.`,
    wrote.length > 0
      ? `Workspaces were handed back by ${firstOf(wrote, 20)}.`
      : 'Nothing is changed; the reports are the result.',
  ].join(' ');
}
