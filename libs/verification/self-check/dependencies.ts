import { type Assignment, acceptedRequestSchema } from '../../contracts/phase.js';
import { templateSchema } from '../../contracts/template.js';
import { readTestPlan } from '../../registry/read-test-plan.js';
import { installedProblems } from '../../subjects/installed-problems.js';
import type { Judged } from '../judged.js';
import { readInput } from '../read-input.js';

/**
 * Why the test plan and what is installed for it are not what the template asks for: none where it has no tests run; else
 * why the installed packages are not those of the lock, or the lock is not one for the subject and its test plan.
 *
 * @throws HeptadError as {@link readTestPlan} and {@link installedProblems} do
 */
export async function dependencyProblems(
  judged: Judged,
  { dependencies, test }: Assignment,
): Promise<string[]> {
  const { store } = judged;
  const { request, captured } = await readInput(judged, 'accepted', acceptedRequestSchema);
  const template = await store.getJson(request.template.digest, templateSchema);
  if (!template.tests)
    return test || dependencies
      ? ['The template has no tests run, but there is a test plan or something is installed for it.']
      : [];
  if (!test) return ['The template has the tests run, but there is no test plan.'];
  if (!dependencies) return [];
  const plan = await readTestPlan(store, captured.snapshot, request.test);
  return await installedProblems(store, dependencies, plan.packageJson, test);
}
