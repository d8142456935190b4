import type { UnfinishedItem } from '../contracts/graph.js';

/** Of an item whose condition did not hold, and of one that slept for another that did not need it. */
const codes: readonly string[] = ['ConditionFalse', 'NotNeeded'];

/** Whether an item ended without a result because none was wanted. Such a one is not missing. */
export const isNotNeeded = ({ status, code }: Pick<UnfinishedItem, 'status' | 'code'>): boolean =>
  status === 'skipped' && codes.includes(code);
