import type { RunView } from '../../../libs/contracts/run.js';

/** How the work stands, as rows of a name and what it says; a row for each category. */
export function workLines({ categories, ...work }: NonNullable<RunView['work']>): [string, string][] {
  const { total_discoveries, completed_work, blocked_work, complete } = work;
  const all = complete === null ? '' : ` of ${complete.total_work_items}`;
  const blocked = blocked_work === 0 ? '' : `, ${blocked_work} waiting for a person`;
  return [
    ['work', `${completed_work}${all} completed${blocked}, ${total_discoveries} discovered`],
    ...Object.entries(categories).map(([category, counts]): [string, string] => [
      '',
      `${category}: ${Object.entries(counts)
        .flatMap(([kind, count]) => (count > 0 ? [`${count} ${kind}`] : []))
        .join(', ')}`,
    ]),
  ];
}
