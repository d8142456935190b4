import Table from 'cli-table3';
import type { Colors } from '../terminal.js';
import { plain } from './plain.js';

export interface Column {
  readonly head: string;
  readonly align?: 'left' | 'right';
}

const none = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
};

/** Rows under their heads, without borders. What is null shows as a dash. */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly (string | number | null)[])[],
  colors: Colors,
): string {
  const grid = new Table({
    head: columns.map(({ head }) => colors.dim(head)),
    chars: none,
    colAligns: columns.map(({ align = 'left' }) => align),
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [], compact: true },
  });
  for (const row of rows) grid.push(row.map((cell) => (cell === null ? '–' : plain(String(cell)))));
  return grid
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}
