import { TaskFailure } from '../answer/task-failure.js';
import type { Places } from '../subject/places.js';
import { runSuite, type SuiteOptions, type SuiteRun } from './run-suite.js';

/**
 * The suite's share of the sandbox's time, in milliseconds: it must end before the sandbox does, or nobody could say
 * why it ended. Whoever asked for the tests may grant them less.
 */
export const suiteTime = (wallMs: number, seconds = Number.POSITIVE_INFINITY): number =>
  Math.min(seconds * 1000, Math.max(500, Math.floor(wallMs * 0.8)));

/**
 * Runs the suite where it has to run, as the baseline has.
 *
 * @throws TaskFailure SandboxLimit: the suite was still running when its time was up
 * @throws TaskFailure NoTests: no test reported anything
 */
export async function runSuiteOrFail(places: Places, options: SuiteOptions): Promise<SuiteRun> {
  const suite = await runSuite(places, options);
  if (suite.command.outOfTime) {
    throw new TaskFailure(
      'SandboxLimit',
      `The test command "${options.command}" was still running after ${options.wallMs} ms, its limit.`,
    );
  }
  if (suite.run.tests.length === 0) {
    const said = printable(suite.command.stderr || suite.command.stdout);
    throw new TaskFailure(
      'NoTests',
      `The test command "${options.command}" ended with ${suite.command.code ?? 'a signal'} and reported no test. Known are mocha, tape, jasmine-node, node --test, jest, vitest, and any command that prints TAP. ${said === '' ? 'It printed nothing.' : `It printed: ${said}`}`,
    );
  }
  return suite;
}

const printable = (text: string): string =>
  text
    .replace(/[^\P{C}\n]/gu, '')
    .trim()
    .slice(-600);
