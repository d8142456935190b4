import type { LedgerEntry } from '../../../libs/contracts/discovery.js';
import type { Discoveries } from '../../../libs/contracts/item-history.js';
import type { Colors } from '../terminal.js';
import { table } from './table.js';

/** The discoveries of a run as a table, and how many there are beside these. */
export function discoveryList({ discoveries, hidden, unavailable }: Discoveries, colors: Colors): string {
  if (unavailable !== null) return unavailable;
  const columns = [{ head: '#', align: 'right' }, ...heads.map((head) => ({ head }))] as const;
  const shown = discoveries.length === 0 ? 'No discoveries.' : table(columns, discoveries.map(rowOf), colors);
  return hidden === 0 ? shown : `${shown}\n\n${hidden} more that you may not see.`;
}

const heads = ['by', 'kind', 'category', 'route', 'became', 'says'];

const rowOf = (entry: LedgerEntry): (string | number | null)[] => [
  entry.number,
  entry.by,
  entry.discovery?.kind ?? null,
  entry.category,
  entry.route,
  fateOf(entry),
  entry.discovery?.description ?? null,
];

function fateOf({ fate, items, duplicateOf, reason }: LedgerEntry): string {
  if (fate === 'admitted') return items.join(', ');
  return fate === 'duplicate' ? `duplicate of ${duplicateOf}` : `${fate}: ${reason ?? ''}`;
}
