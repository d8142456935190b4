import { type Assignment, acceptedRequestSchema } from '../../contracts/phase.js';
import { readTestPlan } from '../../registry/read-test-plan.js';
import { installedProblems } from '../../subjects/installed-problems.js';
import type { Judged } from '../judged.js';
import { readInput } from '../read-input.js';

/**
 * Why the installed packages are not those of the lock, or the lock is not one for the subject and its test plan.
 *
 * @throws HeptadError as {@link readTestPlan} and {@link installedProblems} do
 */
export async function dependencyProblems(
  judged: Judged,
  { dependencies, test }: Assignment,
): Promise<string[]> {
  if (!dependencies) return [];
  const { store } = judged;
  const { request, captured } = await readInput(judged, 'accepted', acceptedRequestSchema);
  const plan = await readTestPlan(store, captured.snapshot, request.test);
  return await installedProblems(store, dependencies, plan.packageJson, test ?? plan.test);
}
