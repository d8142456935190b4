import type { Parallelism } from '../../../libs/templates/graph/analyse-parallelism.js';
import type { Colors } from '../terminal.js';
import { duration } from './duration.js';
import { table } from './table.js';

/** Items of a level that are named. */
const mostNamed = 10;

/** What of a template can run at once, level by level, and what that gains. */
export function parallelism(
  { template, lanes, levels, width, criticalPath, expected, standby }: Parallelism,
  colors: Colors,
): string {
  const columns = [
    { head: 'level', align: 'right' as const },
    { head: 'items', align: 'right' as const },
    { head: 'at once' },
  ];
  const rows = levels.map((ids, level) => [level, ids.length, named(ids)]);
  return [
    `${template.name}@${template.version}`,
    table(columns, rows, colors),
    '',
    `At most ${width} at once; the template lets ${lanes} run.`,
    `Longest chain: ${criticalPath.join(' -> ')}`,
    `Expected one after the other: ${duration(expected.serialMs)}`,
    `Expected with ${lanes} at once: ${duration(expected.boundedMs)} (${expected.speedUp} times faster)`,
    `Expected without a bound: ${duration(expected.unboundedMs)} (${expected.mostSpeedUp} times faster)`,
    ...(standby.length > 0 ? [`Only after a failure, and not counted: ${named(standby)}`] : []),
  ].join('\n');
}

const named = (ids: readonly string[]): string =>
  ids.length <= mostNamed
    ? ids.join(', ')
    : `${ids.slice(0, mostNamed).join(', ')} and ${ids.length - mostNamed} more`;
