import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Finding } from '../../../contracts/reports/finding.js';
import { TaskFailure } from '../answer/task-failure.js';
import { reportedMessage, reportedPath } from './finding.js';
import { inPortions } from './in-portions.js';
import { runTool } from './run-tool.js';
import { biomeTool } from './tools.js';

const reportSchema = z.object({
  diagnostics: z.array(
    z.object({
      severity: z.string(),
      message: z.unknown(),
      category: z.string().nullish(),
      location: z.object({ path: z.unknown(), start: z.object({ line: z.number() }).nullish() }).nullish(),
    }),
  ),
});

const severityOf: Record<string, Finding['severity']> = {
  fatal: 'critical',
  error: 'major',
  warning: 'minor',
};

/** Where a linter works: the workspace, and a private folder for its configuration and caches. */
export interface LintPlaces {
  readonly workspace: string;
  readonly scratch: string;
}

/**
 * What biome's recommended rules find in these files. The subject's own biome configuration is not read: findings of
 * different candidates must be comparable, and the subject is not to be trusted.
 *
 * @throws TaskFailure AgentFailed: biome did not answer with a report
 */
export function lintWithBiome(places: LintPlaces, files: readonly string[]): Promise<Finding[]> {
  return inPortions(files, async (portion) => {
    const run = await biome(places, ['--reporter=json', '--max-diagnostics=none', ...portion]);
    const report = reportSchema.safeParse(parsed(run.stdout));
    if (!report.success) {
      throw new TaskFailure('AgentFailed', `Biome gave no report: ${run.stderr.slice(0, 500)}`);
    }
    return report.data.diagnostics.map((diagnostic): Finding => {
      const path = diagnostic.location?.path;
      const line = diagnostic.location?.start?.line ?? 0;
      return {
        tool: 'biome',
        rule: diagnostic.category ?? 'unknown',
        severity: severityOf[diagnostic.severity] ?? 'info',
        file: typeof path === 'string' ? reportedPath(places.workspace, path) : null,
        line: line > 0 ? line : null,
        message: reportedMessage(places.workspace, String(diagnostic.message)),
      };
    });
  });
}

/**
 * Applies biome's fixes in place: those that it calls safe, then, if asked for, those that it calls unsafe.
 *
 * @param only rules such as `lint/style/useConst`; undefined for all that are recommended
 */
export async function fixWithBiome(
  places: LintPlaces,
  files: readonly string[],
  unsafe: boolean,
  only: readonly string[] = [],
): Promise<void> {
  const chosen = only.map((rule) => `--only=${rule.replace(/^lint\//, '')}`);
  for (const flags of unsafe ? [['--write'], ['--write', '--unsafe']] : [['--write']]) {
    await inPortions(files, async (portion) => [
      await biome(places, [...flags, ...chosen, '--max-diagnostics=1', ...portion]),
    ]);
  }
}

function biome({ workspace, scratch }: LintPlaces, args: readonly string[]) {
  const home = join(scratch, 'biome');
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, 'biome.json'), '{"root":true}');
  const tool = biomeTool();
  const all = [...tool.args, 'lint', `--config-path=${home}`, '--vcs-enabled=false', ...args];
  return runTool(tool.file, all, { cwd: workspace, home });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
