import { factsOf } from '../../graph/conditions/facts-of.js';
import { printCondition } from '../../graph/conditions/print-condition.js';
import type { Entry } from './catalogue.js';
import type { Conditions, ReadCondition } from './condition-findings.js';
import type { Findings } from './findings.js';

/** Groups of conditions that are tried out; each takes up to some milliseconds. */
const mostTried = 100;

/** Facts of an example that are told. */
const mostTold = 6;

/**
 * Warns of branches with no default: items with conditions over facts of the same items, of which none is done for
 * some facts. An example of such facts is told.
 */
export function checkBranches(
  conditioned: readonly (readonly [Entry, ReadCondition])[],
  conditions: Conditions,
  findings: Findings,
): void {
  const groups = Map.groupBy(conditioned, ([, { parsed }]) =>
    [...new Set(factsOf(parsed.expression).map(([whose = '']) => whose))].sort().join(', '),
  );
  for (const [whose, group] of [...groups]
    .filter(([key, { length }]) => key !== '' && length > 1)
    .slice(0, mostTried)) {
    const read = group.map(([, condition]) => condition);
    // Items with one and the same condition are extras, not branches.
    if (new Set(read.map(({ parsed }) => printCondition(parsed.expression))).size === 1) continue;
    const example = conditions.exampleBeyond(read);
    const [first] = read;
    if (!example || !first) continue;
    const ids = group.map(([{ id }]) => id).join(', ');
    const facts = example
      .slice(0, mostTold)
      .map(([fact, value]) => `${fact} is ${JSON.stringify(value)}`)
      .join(' and ');
    const otherwise = printCondition({
      op: 'not',
      of: { op: 'or', of: read.map(({ parsed }) => parsed.expression) },
    });
    findings.warn(
      first.path,
      `None of the branches over ${whose} (${ids}) is taken where ${facts || 'its facts are not there'}. ` +
        `A default has the condition ${otherwise.length <= 200 ? otherwise : 'NOT (any of theirs)'}.`,
    );
  }
}
