import { type TestPlan, testPlanSchema } from '../contracts/subject.js';
import { HeptadError } from '../protocol/errors.js';
import { parsePackageJson } from './package-json.js';

/**
 * How the tests of a subject are run: as the input says, else the script `test` of its package.json with its
 * devDependencies as tools. Scripts before and after it (`pretest`, `posttest`) are not run.
 *
 * @param packageJson the subject's package.json, parsed; undefined where it has none
 * @throws HeptadError `NoTests`, with what to do; `SubjectInvalid` where package.json is not one
 */
export function resolveTestPlan(packageJson: unknown, given?: TestPlan): TestPlan {
  if (given !== undefined) return given;
  const { scripts, devDependencies } = parsePackageJson(packageJson ?? {});
  const command = scripts.test?.trim() ?? '';
  // What npm writes into a new package.json.
  if (command === '' || /echo .*no test specified/i.test(command))
    throw new HeptadError(
      'NoTests',
      'The package.json of the subject has no script "test". Name the command and its tools as "test" in the input.',
    );
  const plan = testPlanSchema.safeParse({ command, tools: devDependencies });
  if (plan.success) return plan.data;
  throw new HeptadError(
    'NoTests',
    'The script "test" or the devDependencies are too long to be used. Name "test" in the input.',
    {
      problems: plan.error.issues.map(({ path, message }) => ({
        path: `/${path.join('/')}`,
        reason: message,
      })),
    },
  );
}
