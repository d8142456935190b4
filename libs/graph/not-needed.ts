import { notMissed } from './graph-state.js';

/**
 * Whether an item ended without a result because none was wanted: its condition does not hold, or it stood by for
 * another one that did not need it. Such a one is not missing.
 */
export const isNotNeeded = ({
  status,
  code,
}: {
  readonly status: string;
  readonly code: string | null;
}): boolean => status === 'skipped' && notMissed.has(code ?? '');
