import { notMissed } from './graph-state.js';

/** Whether an item ended without a result that nobody misses: its condition does not hold, or it was not needed. */
export const isPassedBy = (
  is: { readonly status: string; readonly code: string | null } | undefined,
): boolean => is?.status === 'skipped' && notMissed.has(is.code ?? '');
