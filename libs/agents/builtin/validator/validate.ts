import { z } from 'zod';
import type { AgentTask } from '../../../contracts/agent.js';
import type { ValidationReport } from '../../../contracts/reports/candidate.js';
import { testRunSchema } from '../../../contracts/reports/tests.js';
import { inputNameSchema, limitsSchema, parametersOf, testParameterSchema } from '../answer/parameters.js';
import { readInput } from '../answer/read-input.js';
import type { Done } from '../answer/serve-task.js';
import { Stopwatch } from '../answer/stopwatch.js';
import { tellPartial } from '../answer/tell-partial.js';
import { lintWithBiome } from '../linters/biome.js';
import { complexityRule, isComplexity, measureComplexity, sumOfComplexity } from '../linters/complexity.js';
import { countByFile } from '../linters/finding.js';
import { lintWithOxlint } from '../linters/oxlint.js';
import { unsuppressed } from '../linters/unsuppressed.js';
import { countLines } from '../subject/count-lines.js';
import { libraryFiles } from '../subject/library-files.js';
import type { Places } from '../subject/places.js';
import { compareWithBaseline } from '../suite/compare-with-baseline.js';
import { runSuite } from '../suite/run-suite.js';
import { suiteTime } from '../suite/run-suite-or-fail.js';
import { measureChange } from './measure-change.js';

const parametersSchema = z.object({
  test: testParameterSchema,
  /** The input that holds the baseline: a report of the kind `infrastructure`. */
  baseline: inputNameSchema.default('infrastructure'),
  /** Whether coverage is counted; without it the suite is faster. */
  coverage: z.boolean().default(true),
  limits: limitsSchema,
});

const baselineSchema = z.object({ baseline: testRunSchema });

/**
 * Tests and linters on a candidate, compared with the baseline and with the subject as it was captured. A candidate
 * whose tests do not run, or not in time, is a result, with all of them missing; it is no failure of the validator.
 */
export async function validate(places: Places, task: AgentTask): Promise<Done> {
  const parameters = parametersOf(parametersSchema, task);
  const watch = new Stopwatch();
  const baseline = readInput(places, parameters.baseline, baselineSchema).baseline;
  const library = libraryFiles(places.workspace);
  const suite = await watch.time('tests', () =>
    runSuite(places, {
      command: parameters.test.command,
      wallMs: suiteTime(parameters.limits.wallMs, parameters.test.seconds),
      coverage: parameters.coverage,
    }),
  );
  const libraryBefore = libraryFiles(places.before);
  tellPartial(places, { step: 'linters', tests: suite.run.tests.length, files: library.length });
  const after = unsuppressed(places, library);
  const before = unsuppressed({ workspace: places.before, scratch: places.scratch }, libraryBefore);
  // After the tests, not beside them: a test that measures time must not wait for a linter.
  const [biome, fromOxlint, complexityBefore] = await watch.time('linters', () =>
    Promise.all([
      lintWithBiome(after, library),
      lintWithOxlint(after, library, { rules: complexityRule }),
      measureComplexity(before, libraryBefore),
    ]),
  );
  const oxlint = fromOxlint.filter((finding) => !isComplexity(finding));
  const outcome: ValidationReport = {
    kind: 'validation',
    tests: suite.run,
    coverage: suite.coverage,
    ...compareWithBaseline(baseline, suite.run),
    findings: {
      all: biome.length + oxlint.length,
      byTool: { biome: biome.length, oxlint: oxlint.length },
      byFile: countByFile([...biome, ...oxlint]),
    },
    change: await watch.time('difference', async () => measureChange(places.before, places.workspace)),
    complexity: { before: complexityBefore, after: sumOfComplexity(fromOxlint) },
    lines: {
      before: countLines(places.before, libraryBefore),
      after: countLines(places.workspace, library),
    },
  };
  return { outcome, measurements: { stepsMs: watch.ms, testsMs: suite.command.ms } };
}
