import { z } from 'zod';
import type { AgentTask } from '../../../contracts/agent.js';
import type { CodeReport } from '../../../contracts/reports/code.js';
import type { Finding } from '../../../contracts/reports/finding.js';
import { parametersOf } from '../answer/parameters.js';
import type { Done } from '../answer/serve-task.js';
import { Stopwatch } from '../answer/stopwatch.js';
import { lintWithBiome } from '../linters/biome.js';
import { countByFile, countByRule, sortFindings } from '../linters/finding.js';
import { lintWithOxlint } from '../linters/oxlint.js';
import { unsuppressed } from '../linters/unsuppressed.js';
import { linesOf } from '../subject/count-lines.js';
import { libraryFiles } from '../subject/library-files.js';
import type { Places } from '../subject/places.js';
import { debtRules, isDebt, readComplexity } from './debt.js';

const parametersSchema = z.object({
  /** Which linters look; fewer is the narrower scope. */
  linters: z.array(z.enum(['biome', 'oxlint'])).default(['biome', 'oxlint']),
});

/** Structure, style and technical debt of the library's own files, counted by rule and by file. */
export async function analyseCode(places: Places, task: AgentTask): Promise<Done> {
  const { linters } = parametersOf(parametersSchema, task);
  const watch = new Stopwatch();
  const library = libraryFiles(places.workspace);
  const shown = unsuppressed(places, library);
  const [biome, oxlint] = await Promise.all([
    linters.includes('biome') ? watch.time('biome', () => lintWithBiome(shown, library)) : [],
    watch.time('oxlint', () => lintWithOxlint(shown, library, { rules: debtRules })),
  ]);
  const { complexities, findings: fromOxlint } = readComplexity(oxlint);
  const wanted = fromOxlint.filter((finding) => linters.includes('oxlint') || isDebt(finding));
  const findings = sortFindings([...biome, ...wanted]);
  const outcome: CodeReport = {
    kind: 'code',
    files: library.map((file) => {
      const functions = complexities.get(file) ?? [];
      return {
        file,
        lines: linesOf(places.workspace, file),
        functions: functions.length,
        maxComplexity: functions.reduce((most, complexity) => Math.max(most, complexity), 0),
      };
    }),
    findings,
    byRule: countByRule(findings),
    byFile: countByFile(findings),
    totals: totals(findings),
  };
  return { outcome, measurements: { stepsMs: watch.ms } };
}

/** Rules of biome that are about how code reads rather than about what it does. */
const isStyle = (finding: Finding): boolean => /^lint\/(?:style|complexity)\//.test(finding.rule);

function totals(findings: readonly Finding[]): CodeReport['totals'] {
  const debt = findings.filter(isDebt).length;
  const style = findings.filter(isStyle).length;
  return { style, correctness: findings.length - debt - style, debt, all: findings.length };
}
