import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { AgentTask } from '../../../contracts/agent.js';
import { architectureReportSchema } from '../../../contracts/reports/architecture.js';
import type { CandidateReport } from '../../../contracts/reports/candidate.js';
import { inputNameSchema, limitsSchema, parametersOf, testParameterSchema } from '../answer/parameters.js';
import { readInput } from '../answer/read-input.js';
import type { Done } from '../answer/serve-task.js';
import { Stopwatch } from '../answer/stopwatch.js';
import { TaskFailure } from '../answer/task-failure.js';
import { tellPartial } from '../answer/tell-partial.js';
import { libraryFiles } from '../subject/library-files.js';
import type { Places } from '../subject/places.js';
import { runSuite } from '../suite/run-suite.js';
import { runSuiteOrFail, suiteTime } from '../suite/run-suite-or-fail.js';
import { divideByScope, scopes } from './divide-by-scope.js';
import { keepWhatPasses } from './keep-what-passes.js';
import { strategies } from './strategies.js';

const { imports, integrationPoints } = architectureReportSchema.shape;
const connectionsSchema = z.object({ imports, integrationPoints });

const parametersSchema = z.object({
  strategy: z.enum(['biome', 'oxlint', 'eslint']),
  /** Only fixes that the tool calls safe. */
  careful: z.boolean().default(false),
  /** Narrower scope: a file whose change breaks tests is left as it was. Needs `test`. */
  narrow: z.boolean().default(false),
  /** The part of the library that it changes; absent: all of it. */
  scope: z.enum(scopes).optional(),
  /** The input that says which files are in a scope: a report of the kind `architecture`. */
  architecture: inputNameSchema.default('architecture'),
  test: testParameterSchema.optional(),
  limits: limitsSchema,
});

/** Changes the library's own files in place by one strategy, all of them or those of one scope, and says which. */
export async function improve(places: Places, task: AgentTask): Promise<Done> {
  const start = performance.now();
  const parameters = parametersOf(parametersSchema, task);
  const { strategy, careful, narrow, test, limits } = parameters;
  const watch = new Stopwatch();
  const library = filesOf(places, parameters);
  const contents = (): Map<string, string> =>
    new Map(library.map((file) => [file, readFileSync(join(places.workspace, file), 'utf8')]));
  const before = contents();
  const { tool, apply } = strategies[strategy];
  await watch.time(strategy, () => apply(places, library, careful));
  const after = contents();
  const touched = library.filter((file) => after.get(file) !== before.get(file));
  tellPartial(places, { step: 'changed', files: library.length, changed: touched.length });
  const outcome: CandidateReport = {
    kind: 'candidate',
    strategy,
    tools: [tool()],
    changed: touched,
    left: [],
  };
  if (!narrow) return { outcome, measurements: { stepsMs: watch.ms } };

  if (test === undefined) {
    throw new TaskFailure(
      'InputInvalid',
      'A narrow improvement needs the parameter "test" to know what breaks.',
    );
  }
  if (touched.length === 0) return { outcome, measurements: { stepsMs: watch.ms, testRuns: 0 } };
  const restore = (files: readonly string[], from: Map<string, string>): void => {
    for (const file of files) writeFileSync(join(places.workspace, file), from.get(file) ?? '');
  };
  const options = { command: test.command, coverage: false };
  const left = () => Math.floor(suiteTime(limits.wallMs) - (performance.now() - start));
  const wallMs = () => Math.min(left(), suiteTime(limits.wallMs, test.seconds));
  restore(touched, before);
  const baseline = await watch.time('baseline', () =>
    runSuiteOrFail(places, { ...options, wallMs: wallMs() }),
  );
  let runs = 1;
  const result = await watch.time('narrowing', () =>
    keepWhatPasses(touched, {
      apply: (files) => restore(files, after),
      revert: (files) => restore(files, before),
      run: async () => {
        if (left() < 2 * baseline.command.ms) return null;
        runs += 1;
        return (await runSuite(places, { ...options, wallMs: wallMs() })).run;
      },
      baseline: baseline.run,
      onDecided: (kept, leftAsItWas) =>
        tellPartial(places, { step: 'narrowing', files: touched.length, kept, left: leftAsItWas }),
    }),
  );
  return {
    outcome: { ...outcome, changed: result.kept, left: result.left },
    measurements: { stepsMs: watch.ms, testRuns: runs },
  };
}

/** The files that it may change: the library's, or those of its scope. */
function filesOf(places: Places, { scope, architecture }: z.output<typeof parametersSchema>): string[] {
  const library = libraryFiles(places.workspace);
  if (scope === undefined) return library;
  const scopeOf = divideByScope(library, readInput(places, architecture, connectionsSchema));
  return library.filter((file) => scopeOf.get(file) === scope);
}
