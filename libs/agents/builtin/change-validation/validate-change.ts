import { existsSync } from 'node:fs';
import { z } from 'zod';
import type { AgentTask } from '../../../contracts/agent.js';
import type { Discovery } from '../../../contracts/discovery.js';
import type { ChangeValidation } from '../../../contracts/reports/change.js';
import type { Finding } from '../../../contracts/reports/finding.js';
import { type TestRun, testRunSchema } from '../../../contracts/reports/tests.js';
import { limitsSchema, parametersOf, testParameterSchema } from '../answer/parameters.js';
import type { Done } from '../answer/serve-task.js';
import { Stopwatch } from '../answer/stopwatch.js';
import { lintWithBiome } from '../linters/biome.js';
import { complexityRule, isComplexity, sumOfComplexity } from '../linters/complexity.js';
import { sortFindings } from '../linters/finding.js';
import { lintWithOxlint } from '../linters/oxlint.js';
import { unsuppressed } from '../linters/unsuppressed.js';
import { bugKey } from '../mending/bug-key.js';
import { groupOf } from '../mending/find-mendable.js';
import { ruleName } from '../mending/rule-names.js';
import { findSites, unjudged } from '../optimisations/sites.js';
import { countLines } from '../subject/count-lines.js';
import { libraryFiles } from '../subject/library-files.js';
import { byCodeUnit } from '../subject/order.js';
import type { Places } from '../subject/places.js';
import { compareWithBaseline } from '../suite/compare-with-baseline.js';
import { runSuite } from '../suite/run-suite.js';
import { suiteTime } from '../suite/run-suite-or-fail.js';
import { measureChange } from '../validator/measure-change.js';
import { brokenBy, introducedBug, optimisation, testFailure } from './discoveries.js';
import { dismissedByInputs } from './dismissed-by-inputs.js';
import { findCulprits } from './find-culprits.js';

const parametersSchema = z.object({
  test: testParameterSchema,
  /** The tests of the captured subject; without them, they are run here. */
  baseline: testRunSchema.optional(),
  /** Tests that are known to fail: the files whose change breaks them are looked for. */
  tests: z.array(z.string()).max(1000).optional(),
  /** Whether optimisations are looked for. */
  optimisations: z.boolean().default(true),
  /** Keys that are not to be discovered again, beside those that the inputs name. */
  dismissed: z.array(z.string().max(4000)).max(5000).default([]),
  limits: limitsSchema,
});

/** Places that one discovery names at most. */
const mostSites = 100;

/**
 * Tests a changed workspace in a fresh copy, compares it with the captured subject, and looks for what its change broke
 * and for work that is done again and again.
 */
export async function validateChange(places: Places, task: AgentTask): Promise<Done> {
  const start = performance.now();
  const parameters = parametersOf(parametersSchema, task);
  const watch = new Stopwatch();
  const before = existsSync(places.before) ? places.before : places.workspace;
  const left = (): number => suiteTime(parameters.limits.wallMs) - (performance.now() - start);
  const tests = async (workspace: string): Promise<TestRun> => {
    const wallMs = Math.max(
      1,
      Math.min(left(), suiteTime(parameters.limits.wallMs, parameters.test.seconds)),
    );
    const { command } = parameters.test;
    return (await runSuite({ ...places, workspace }, { command, wallMs, coverage: false })).run;
  };
  const baseline = parameters.baseline ?? (await watch.time('baseline', () => tests(before)));
  const run = await watch.time('tests', () => tests(places.workspace));
  const compared = compareWithBaseline(baseline, run);
  const failing = [...compared.broken, ...compared.missing];
  const passed = failing.length === 0 && run.tests.length > 0;
  const dismissed = [...new Set([...parameters.dismissed, ...dismissedByInputs(places.inputs)])].sort(
    byCodeUnit,
  );
  const findings = await watch.time('linters', async () => ({
    before: await findingsOf(places, before),
    after: await findingsOf(places, places.workspace),
  }));
  const introduced = introducedBy(findings.before.all, findings.after.all);
  const looked = parameters.optimisations ? findings.after.library : [];
  const sites = (await watch.time('places', () => findSites(places.workspace, looked))).filter(
    ({ key }) => !dismissed.includes(key),
  );
  const culprits =
    parameters.tests === undefined || passed
      ? []
      : await watch.time('culprits', () =>
          findCulprits({ ...places, before }, baseline, async ({ workspace }) =>
            left() < 1000 ? null : await tests(workspace),
          ),
        );
  const discoveries: Discovery[] = [];
  if (culprits.length > 0)
    discoveries.push(
      brokenBy(
        culprits.map(({ file }) => file),
        dismissed,
      ),
    );
  else if (!passed && parameters.tests === undefined) discoveries.push(testFailure(failing, dismissed));
  const bugs = introduced.filter(
    ({ tool, rule, file, severity }) =>
      (severity === 'major' || severity === 'critical') &&
      !dismissed.includes(bugKey(ruleName(tool, rule), file ?? '')),
  );
  if (bugs.length > 0) discoveries.push(introducedBug(bugs, dismissed));
  // What is broken is mended before it is made faster.
  if (passed && sites.length > 0) discoveries.push(optimisation(sites.slice(0, mostSites), dismissed));
  const change = await watch.time('difference', async () => measureChange(before, places.workspace));
  const outcome: ChangeValidation = {
    kind: 'change-validation',
    passed,
    issues: [
      ...compared.broken.map((name) => `The test "${name}" passed before and does not pass now.`),
      ...compared.missing.map((name) => `The test "${name}" was not run.`),
      ...(run.tests.length === 0 ? ['No test was run.'] : []),
      ...introduced.map(({ tool, rule, file, line }) => `${file}:${line}: ${tool} finds ${rule}.`),
    ],
    optimisationsDiscovered: sites.map(unjudged),
    tests: run,
    ...compared,
    introduced,
    culprits,
    dismissed,
    metadata: {
      findingsBefore: findings.before.all.length,
      findingsAfter: findings.after.all.length,
      complexityBefore: findings.before.complexity,
      complexityAfter: findings.after.complexity,
      linesBefore: countLines(before, findings.before.library),
      linesAfter: countLines(places.workspace, findings.after.library),
      filesChanged: change.files,
      linesAdded: change.linesAdded,
      linesRemoved: change.linesRemoved,
    },
    discoveries,
  };
  return { outcome, measurements: { stepsMs: watch.ms } };
}

async function findingsOf(places: Places, workspace: string) {
  const library = libraryFiles(workspace);
  const shown = unsuppressed({ workspace, scratch: places.scratch }, library);
  const biome = await lintWithBiome(shown, library);
  const oxlint = await lintWithOxlint(shown, library, { rules: complexityRule });
  const all = sortFindings([...biome, ...oxlint.filter((finding) => !isComplexity(finding))]);
  return { library, all, complexity: sumOfComplexity(oxlint) };
}

/** Findings by which a rule has more of them in a file than before: of those, the last ones. */
function introducedBy(before: readonly Finding[], after: readonly Finding[]): Finding[] {
  const known = new Map<string, number>();
  for (const finding of before) known.set(groupOf(finding), (known.get(groupOf(finding)) ?? 0) + 1);
  return after.filter((finding) => {
    const left = known.get(groupOf(finding)) ?? 0;
    known.set(groupOf(finding), left - 1);
    return left <= 0;
  });
}
