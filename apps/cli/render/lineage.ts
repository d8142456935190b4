import type { MergeReport } from '../../../libs/contracts/reports/merge.js';
import { plain } from './plain.js';

/** From whom a merged result has its parts, such as `12 parts of A, 3 of B, 4 of A or C, 2 of the subject`. */
export function lineage({ lineage: parts }: Pick<MergeReport['result'], 'lineage'>): string {
  const counts = new Map<string, number>();
  for (const { from } of parts) {
    const whose = from.includes(base) ? 'the subject' : from.toSorted().join(' or ');
    counts.set(whose, (counts.get(whose) ?? 0) + 1);
  }
  const sorted = [...counts].sort(([a, one], [b, other]) => other - one || a.localeCompare(b, 'en'));
  return sorted
    .map(
      ([whose, count], index) =>
        `${count}${index > 0 ? '' : count === 1 ? ' part' : ' parts'} of ${plain(whose)}`,
    )
    .join(', ');
}

/** What a lineage calls the captured subject. */
const base = 'base';
