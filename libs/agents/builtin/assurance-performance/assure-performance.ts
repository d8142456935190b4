import { z } from 'zod';
import type { AgentTask } from '../../../contracts/agent.js';
import type { PerformanceReport } from '../../../contracts/reports/assurance.js';
import { type TestRun, testRunSchema } from '../../../contracts/reports/tests.js';
import { inputNameSchema, limitsSchema, parametersOf, testParameterSchema } from '../answer/parameters.js';
import { readInput } from '../answer/read-input.js';
import type { Done } from '../answer/serve-task.js';
import { Stopwatch } from '../answer/stopwatch.js';
import { publishedSize } from '../publishing/published-size.js';
import type { Places } from '../subject/places.js';
import { compareWithBaseline } from '../suite/compare-with-baseline.js';
import { type MeasuredSuite, measureSuite } from '../suite/measure-suite.js';
import { suiteTime } from '../suite/run-suite-or-fail.js';
import { cheapest, tolerances, verdictOf } from './resources.js';
import { addedRisks } from './security.js';

const parametersSchema = z.object({
  test: testParameterSchema,
  secretsKey: z.string().min(16),
  /** How often the tests are run on each side. */
  runs: z.int().min(1).max(20).default(3),
  /** Narrower scope: once on each side. */
  narrow: z.boolean().default(false),
  baseline: inputNameSchema.default('infrastructure'),
  limits: limitsSchema,
});

const baselineSchema = z.object({ baseline: testRunSchema });

/**
 * What a change costs and what it risks: the tests of the subject are run several times as it was captured and as it
 * is now, in turns; secrets, dangerous calls and what would be published are compared.
 */
export async function assurePerformance(places: Places, task: AgentTask): Promise<Done> {
  const parameters = parametersOf(parametersSchema, task);
  const watch = new Stopwatch();
  const { baseline } = readInput(places, parameters.baseline, baselineSchema);
  const { before, after } = await watch.time('tests', () => inTurns(places, parameters));
  const kept = compareWithBaseline(baseline, worst(baseline, before));
  const usable = [...before, ...after].every(({ run }) => passesWhat(baseline, run));
  const of = (runs: readonly MeasuredSuite[], what: 'cpuMs' | 'memoryBytes'): number | null =>
    usable ? cheapest(runs.map((run) => run[what])) : null;
  const [load, memory] = [
    verdictOf(of(before, 'cpuMs'), of(after, 'cpuMs'), tolerances.load),
    verdictOf(of(before, 'memoryBytes'), of(after, 'memoryBytes'), tolerances.memory),
  ];
  const sizes = { before: publishedSize(places.before), after: publishedSize(places.workspace) };
  const size = verdictOf(sizes.before.bytes, sizes.after.bytes, tolerances.size);
  const verdicts = [load, memory, size];
  const measured = !verdicts.includes('not-measured');
  const tested = before.length > 0 && kept.broken.length === 0 && kept.missing.length === 0;
  const outcome: PerformanceReport = {
    kind: 'assurance-performance',
    load,
    memory,
    size: { verdict: size, ...sizes },
    measured,
    degradations: verdicts.filter((verdict) => verdict === 'degraded').length,
    security: await watch.time('security', () => addedRisks(places, parameters.secretsKey)),
    rollback: { tested, broken: kept.broken.length, missing: kept.missing.length },
    monitoring: { configured: measured && tested, metrics },
  };
  const numbers = (runs: readonly MeasuredSuite[]) =>
    runs.map(({ cpuMs, memoryBytes }) => ({ cpuMs, memoryBytes }));
  return {
    outcome,
    measurements: {
      stepsMs: watch.ms,
      before: numbers(before),
      after: numbers(after),
      cpuRatio: ratio(of(after, 'cpuMs'), of(before, 'cpuMs')),
      memoryRatio: ratio(of(after, 'memoryBytes'), of(before, 'memoryBytes')),
    },
  };
}

/**
 * The subject as it was, then as it is, then as it was again: what disturbs the machine disturbs both. A further round
 * is begun only where there is time for one as long as the longest so far.
 */
async function inTurns(
  places: Places,
  { test, runs, narrow, limits }: z.output<typeof parametersSchema>,
): Promise<{ before: MeasuredSuite[]; after: MeasuredSuite[] }> {
  const start = performance.now();
  const left = (): number => suiteTime(limits.wallMs) - (performance.now() - start);
  const most = Math.floor(Math.min(suiteTime(limits.wallMs) / 2, suiteTime(limits.wallMs, test.seconds)));
  const measured = { before: [] as MeasuredSuite[], after: [] as MeasuredSuite[] };
  let longest = 0;
  for (let round = 0; round < (narrow ? 1 : runs); round += 1) {
    if (left() < longest) break;
    const begun = performance.now();
    for (const side of ['before', 'after'] as const) {
      const workspace = side === 'before' ? places.before : places.workspace;
      measured[side].push(await measureSuite({ ...places, workspace }, test.command, most));
    }
    longest = Math.max(longest, performance.now() - begun);
  }
  return measured;
}

const passesWhat = (baseline: TestRun, run: TestRun): boolean => {
  const { broken, missing } = compareWithBaseline(baseline, run);
  return broken.length === 0 && missing.length === 0;
};

/** The first run that does not do what the baseline did; the first run where all do. */
function worst(baseline: TestRun, runs: readonly MeasuredSuite[]): TestRun {
  const [first] = runs;
  return (runs.find(({ run }) => !passesWhat(baseline, run)) ?? first)?.run ?? { ...baseline, tests: [] };
}

const ratio = (after: number | null, before: number | null): number | null =>
  after === null || before === null || before === 0 ? null : Math.round((after / before) * 100) / 100;

const above = ({ times, least }: { times: number; least: number }, unit: string): string =>
  `more than ${times} times as much, and more than ${least} ${unit} above`;

const metrics: PerformanceReport['monitoring']['metrics'] = [
  { metric: 'tests', unit: 'tests', alert: 'a test that passes now fails, or does not run' },
  { metric: 'suite-cpu', unit: 'ms', alert: above(tolerances.load, 'ms') },
  { metric: 'suite-memory', unit: 'bytes', alert: above(tolerances.memory, 'bytes') },
  { metric: 'published-size', unit: 'bytes', alert: above(tolerances.size, 'bytes') },
];
