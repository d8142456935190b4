import type { Coverage, TestRun } from '../../../contracts/reports/tests.js';
import { tellPartial } from '../answer/tell-partial.js';
import { libraryFiles } from '../subject/library-files.js';
import type { Places } from '../subject/places.js';
import { ReportedTests } from './count-reported.js';
import { type CommandRun, executeCommand } from './execute-command.js';
import { measureCoverage } from './measure-coverage.js';
import { readReports } from './read-reports.js';
import { makeWorkingCopy } from './working-copy.js';
import { writeShims } from './write-shims.js';

export interface SuiteOptions {
  /** A shell line, run in the subject's root. */
  readonly command: string;
  /** Milliseconds after which the suite is killed. */
  readonly wallMs: number;
  /** Whether coverage is counted, which makes the suite slower. */
  readonly coverage: boolean;
}

export interface SuiteRun {
  /** Without any test where the suite was killed: which ones had run by then is chance. */
  readonly run: TestRun;
  readonly coverage: Coverage;
  readonly command: CommandRun;
}

/**
 * Runs the subject's own test suite in a private copy and returns what each test did. The exit code is reported and
 * never trusted: some runners exit with 0 when a file of tests could not be loaded.
 */
export async function runSuite(places: Places, options: SuiteOptions): Promise<SuiteRun> {
  const copy = makeWorkingCopy(places);
  writeShims(copy, places.nodeModules);
  const watching = tellTests(places, copy.reports);
  const command = await executeCommand(copy, options.command, options).finally(() => clearInterval(watching));
  const { runner, tests } = command.outOfTime
    ? { runner: 'unknown', tests: [] }
    : readReports(copy, command.stdout);
  const counted = (verdict: string): number => tests.filter((test) => test.verdict === verdict).length;
  return {
    run: {
      command: options.command,
      runner,
      tests,
      passed: counted('pass'),
      failed: counted('fail'),
      skipped: counted('skip'),
      exitCode: command.code,
    },
    coverage:
      options.coverage && !command.outOfTime
        ? await measureCoverage(copy, libraryFiles(places.workspace))
        : { lines: null, functions: null, branches: null },
    command,
  };
}

/** Between two looks at how many tests have run, in milliseconds. */
const interval = 500;

function tellTests(places: Places, folder: string): NodeJS.Timeout {
  const reported = new ReportedTests(folder);
  let told = 0;
  return setInterval(() => {
    const tests = reported.count();
    if (tests === told) return;
    told = tests;
    tellPartial(places, { step: 'tests', tests });
  }, interval);
}
