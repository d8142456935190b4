import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { AgentTask } from '../../../contracts/agent.js';
import type { Change } from '../../../contracts/reports/change.js';
import type { TestRun } from '../../../contracts/reports/tests.js';
import { limitsSchema, parametersOf, testParameterSchema } from '../answer/parameters.js';
import type { Done } from '../answer/serve-task.js';
import { Stopwatch } from '../answer/stopwatch.js';
import { keepWhatPasses } from '../improver/keep-what-passes.js';
import { bugKey } from '../mending/bug-key.js';
import { mend } from '../mending/mend.js';
import { mendingTools } from '../mending/rule-names.js';
import { findSites } from '../optimisations/sites.js';
import { libraryFiles } from '../subject/library-files.js';
import { listFiles } from '../subject/list-files.js';
import { byCodeUnit } from '../subject/order.js';
import type { Places } from '../subject/places.js';
import { compareWithBaseline } from '../suite/compare-with-baseline.js';
import { runSuite } from '../suite/run-suite.js';
import { runSuiteOrFail, suiteTime } from '../suite/run-suite-or-fail.js';
import { brokenRules } from './broken-rules.js';

const fileSchema = z.string().min(1).max(1000);

const parametersSchema = z.object({
  test: testParameterSchema,
  /** Whose rules are applied; those of others are left aside. */
  tools: z.array(z.enum(mendingTools)).default([...mendingTools]),
  /** Rules whose fixes are applied, such as `eslint/no-var` or `heptad/cache-loop-length`. */
  rules: z.array(z.string().min(1).max(200)).max(500).default([]),
  /** Files of the library that are changed, and no others. */
  files: z.array(fileSchema).max(1000).default([]),
  /** Keys of the places that Heptad's own rules may change. */
  sites: z.array(z.string().max(4000)).max(1000).default([]),
  /** Files that are put back as they were captured. */
  restore: z.array(fileSchema).max(1000).default([]),
  /** Keys that are handed on: not to be discovered again. */
  dismissed: z.array(z.string().max(4000)).max(5000).default([]),
  limits: limitsSchema,
});
type Parameters = z.infer<typeof parametersSchema>;

/**
 * Applies the fixes of its rules to its files, or puts files back, and keeps only what every test that passed before
 * still passes with.
 *
 * @throws TaskFailure NoTests, SandboxLimit: as `runSuiteOrFail` does for the workspace before the change
 */
export async function implementChange(places: Places, task: AgentTask): Promise<Done> {
  const start = performance.now();
  const parameters = parametersOf(parametersSchema, task);
  const { sites, tools: allowed } = parameters;
  const rules = parameters.rules.filter((rule) => allowed.some((tool) => rule.startsWith(`${tool}/`)));
  const watch = new Stopwatch();
  const time = (): number => Math.floor(suiteTime(parameters.limits.wallMs) - (performance.now() - start));
  const suite = () => ({
    command: parameters.test.command,
    coverage: false,
    wallMs: Math.max(1, Math.min(time(), suiteTime(parameters.limits.wallMs, parameters.test.seconds))),
  });
  const library = libraryFiles(places.workspace);
  const files = library.filter((file) => parameters.files.includes(file));
  const baseline = await watch.time('baseline', () => runSuiteOrFail(places, suite()));
  const findBroken = () => brokenRules(places, files, rules, sites);
  const before = await watch.time('findings', findBroken);

  const considered = [...new Set([...files, ...parameters.restore])].sort(byCodeUnit);
  const old = contentsOf(places.workspace, considered);
  const tools = await watch.time('mending', () => mend(places, { rules, files, sites }));
  const now = contentsOf(places.workspace, considered);
  const captured = contentsOf(places.before, parameters.restore);
  for (const file of parameters.restore) {
    const content = captured.get(file);
    if (content === undefined) now.delete(file);
    else now.set(file, content);
  }
  const touched = considered.filter((file) => now.get(file) !== old.get(file));
  write(places.workspace, touched, old);
  let tested: TestRun = baseline.run;
  let runs = 1;
  const { kept, left: broke } = await watch.time('narrowing', () =>
    keepWhatPasses(touched, {
      apply: (group) => write(places.workspace, group, now),
      revert: (group) => write(places.workspace, group, old),
      run: async () => {
        // Enough for this run, and for one of what is kept in the end.
        if (time() < 3 * baseline.command.ms) return null;
        runs += 1;
        tested = (await runSuite(places, suite())).run;
        return tested;
      },
      baseline: baseline.run,
    }),
  );
  if (kept.length === 0) tested = baseline.run;
  // The last run was of a change that was not kept.
  else if (broke.length > 0) tested = (await watch.time('tests', () => runSuite(places, suite()))).run;
  const after = await watch.time('findings', findBroken);
  const left = [
    ...broke,
    ...[...parameters.files, ...parameters.restore]
      .filter((file) => !touched.includes(file))
      .map((file) => ({ file, reason: whyUntouched(file, considered) })),
  ].sort((a, b) => byCodeUnit(a.file, b.file));
  const { broken, missing } = compareWithBaseline(baseline.run, tested);
  const outcome: Change = {
    kind: 'change',
    summary: `Files changed: ${kept.length} of ${considered.length}. Findings: ${count(before)} before, ${count(after)} after.`,
    tools: kept.some((file) => files.includes(file)) ? tools : [],
    rules: [...rules],
    codeFiles: kept.filter((file) => library.includes(file)),
    testFiles: kept.filter((file) => !library.includes(file)),
    left,
    discoveredIssues: broke.map(({ file, reason }) => `${file}: ${reason}`),
    dismissed: await dismissedBy(places, { ...parameters, rules }, files, after),
    metadata: {
      before: count(before),
      after: count(after),
      passed: tested.passed,
      broken: broken.length + missing.length,
    },
    discoveries: [],
  };
  return { outcome, measurements: { stepsMs: watch.ms, testRuns: runs } };
}

const whyUntouched = (file: string, considered: readonly string[]): string =>
  considered.includes(file)
    ? 'The tools changed nothing in it.'
    : 'It is no file of the library that can be changed.';

const count = (findings: ReadonlyMap<string, readonly string[]>): number =>
  [...findings.values()].reduce((sum, { length }) => sum + length, 0);

/** What was asked for and is still there is not to be asked for again, nor are places that are not safe. */
async function dismissedBy(
  places: Places,
  { dismissed, sites, rules }: Parameters,
  files: readonly string[],
  after: ReadonlyMap<string, readonly string[]>,
): Promise<string[]> {
  const there = sites.length === 0 ? [] : await findSites(places.workspace, files);
  const leftSites = there.filter(({ key, safe }) => !safe || sites.includes(key)).map(({ key }) => key);
  const leftRules = [...after].flatMap(([file, names]) =>
    names.filter((name) => rules.includes(name)).map((name) => bugKey(name, file)),
  );
  return [...new Set([...dismissed, ...leftSites, ...leftRules])].sort(byCodeUnit);
}

/** Contents of files, byte for byte, without those that are not there. */
function contentsOf(folder: string, files: readonly string[]): Map<string, string> {
  const known = new Set(existsSync(folder) ? listFiles(folder) : []);
  return new Map(
    files.filter((file) => known.has(file)).map((file) => [file, readFileSync(join(folder, file), 'latin1')]),
  );
}

function write(folder: string, files: readonly string[], from: ReadonlyMap<string, string>): void {
  for (const file of files) {
    const content = from.get(file);
    if (content === undefined) rmSync(join(folder, file), { force: true });
    else {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), content, 'latin1');
    }
  }
}
