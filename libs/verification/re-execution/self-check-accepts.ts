import { CheckList } from '../check-list.js';
import type { Judged } from '../judged.js';
import { selfCheck } from '../self-check/self-check.js';

/** Whether pass A accepts what was staged. */
export async function selfCheckAccepts(judged: Judged): Promise<boolean> {
  const checks = new CheckList();
  await selfCheck(judged, checks);
  return checks.passed;
}
