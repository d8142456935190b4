import { z } from 'zod';
import type { AgentTask } from '../../../contracts/agent.js';
import { architectureReportSchema } from '../../../contracts/reports/architecture.js';
import { type ComplexityReport, complexityReportSchema } from '../../../contracts/reports/assurance.js';
import { codeReportSchema } from '../../../contracts/reports/code.js';
import { inputNameSchema, parametersOf } from '../answer/parameters.js';
import { readInput } from '../answer/read-input.js';
import type { Done } from '../answer/serve-task.js';
import { Stopwatch } from '../answer/stopwatch.js';
import { measureComplexity } from '../linters/complexity.js';
import { unsuppressed } from '../linters/unsuppressed.js';
import { countLines } from '../subject/count-lines.js';
import { libraryFiles } from '../subject/library-files.js';
import type { Places } from '../subject/places.js';

type Measure = ComplexityReport['measures'][number]['measure'];

/** Above one of these a change is complex. The reference page `structured-change` repeats them. */
const bounds: Readonly<Record<Measure, number>> = {
  files: 40,
  lines: 5000,
  cyclomatic: 1000,
  integrationPoints: 30,
  filesToChange: 25,
};

const allMeasures = complexityReportSchema.shape.measures.element.shape.measure;

const bound = z.int().nonnegative().optional();

const parametersSchema = z.object({
  /** Other bounds than those above. */
  bounds: z
    .object({
      files: bound,
      lines: bound,
      cyclomatic: bound,
      integrationPoints: bound,
      filesToChange: bound,
    })
    .default({}),
  /** What it looks at; fewer is the narrower scope. */
  measures: z.array(allMeasures).min(1).default(allMeasures.options),
  /** Narrower scope: by files and lines alone. */
  narrow: z.boolean().default(false),
  architecture: inputNameSchema.default('architecture'),
  code: inputNameSchema.default('code'),
});

const architectureSchema = z.object({ integrationPoints: architectureReportSchema.shape.integrationPoints });
const codeSchema = z.object({ byFile: codeReportSchema.shape.byFile });

const says: Readonly<Record<Measure, string>> = {
  files: 'files of the library',
  lines: 'lines of the library',
  cyclomatic: 'cyclomatic complexity of its functions, summed',
  integrationPoints: 'places where it meets the world',
  filesToChange: 'files with something to change',
};

/** Whether the change that is ahead is complex: by the size of the library, how it is built, and how much is to be changed. */
export async function assessComplexity(places: Places, task: AgentTask): Promise<Done> {
  const parameters = parametersOf(parametersSchema, task);
  const watch = new Stopwatch();
  const library = libraryFiles(places.workspace);
  const measured: Readonly<Record<Measure, () => number | Promise<number>>> = {
    files: () => library.length,
    lines: () => countLines(places.workspace, library),
    cyclomatic: () => watch.time('oxlint', () => measureComplexity(unsuppressed(places, library), library)),
    integrationPoints: () =>
      readInput(places, parameters.architecture, architectureSchema).integrationPoints.length,
    filesToChange: () => readInput(places, parameters.code, codeSchema).byFile.length,
  };
  const asked = parameters.narrow ? (['files', 'lines'] as const) : parameters.measures;
  const measures: ComplexityReport['measures'] = [];
  for (const measure of asked)
    measures.push({
      measure,
      value: await measured[measure](),
      bound: parameters.bounds[measure] ?? bounds[measure],
    });
  const above = measures.filter((one) => one.value > one.bound);
  const outcome: ComplexityReport = {
    kind: 'complexity',
    complex: above.length > 0,
    measures,
    reasons: above.map((one) => `${one.value} ${says[one.measure]}, more than ${one.bound}.`),
  };
  return { outcome, measurements: { stepsMs: watch.ms } };
}
