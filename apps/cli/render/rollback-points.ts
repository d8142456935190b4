import type { RollbackPoint } from '../../../libs/contracts/resumption.js';
import type { Colors } from '../terminal.js';
import { shorten } from './shorten.js';
import { table } from './table.js';

/** Rollback points as a table. */
export function rollbackPoints(points: readonly RollbackPoint[], colors: Colors): string {
  if (points.length === 0) return 'No rollback points: the run has not captured its subject.';
  const columns = [
    { head: 'point' },
    { head: 'reached' },
    { head: 'items', align: 'right' },
    { head: 'workspace' },
    { head: 'state' },
  ] as const;
  const rows = points.map(({ id, at, items, workspace, state }) => [
    id,
    at,
    items.length,
    workspace && shorten(workspace, shown),
    shorten(state, shown),
  ]);
  return table(columns, rows, colors);
}

/** Characters of a digest; `--json` has all of them. */
const shown = 20;
