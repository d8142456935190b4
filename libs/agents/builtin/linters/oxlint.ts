import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Finding } from '../../../contracts/reports/finding.js';
import { TaskFailure } from '../answer/task-failure.js';
import type { LintPlaces } from './biome.js';
import { reportedMessage, reportedPath } from './finding.js';
import { inPortions } from './in-portions.js';
import { runTool } from './run-tool.js';
import { oxlintTool } from './tools.js';

const reportSchema = z.object({
  diagnostics: z.array(
    z.object({
      message: z.string(),
      code: z.string().optional(),
      severity: z.string(),
      filename: z.string().optional(),
      labels: z.array(z.object({ span: z.object({ line: z.number() }) })).default([]),
    }),
  ),
});

/** Rules beside (or, with `categories` all off, instead of) the default ones, in oxlint's own form. */
export interface OxlintConfiguration {
  readonly plugins?: readonly string[];
  readonly categories?: Readonly<Record<string, string>>;
  readonly rules?: Readonly<Record<string, unknown>>;
}

/**
 * What oxlint finds in these files, with its default rules unless others are given. The subject's own configuration
 * is not read.
 *
 * @throws TaskFailure AgentFailed: oxlint did not answer with a report
 */
export function lintWithOxlint(
  places: LintPlaces,
  files: readonly string[],
  configuration: OxlintConfiguration = {},
): Promise<Finding[]> {
  return inPortions(files, async (portion) => {
    const run = await oxlint(places, configuration, ['--format=json', ...portion]);
    const report = reportSchema.safeParse(parsed(run.stdout));
    if (!report.success) {
      throw new TaskFailure(
        'AgentFailed',
        `Oxlint gave no report: ${(run.stderr || run.stdout).slice(0, 500)}`,
      );
    }
    return report.data.diagnostics.map((diagnostic): Finding => {
      const line = diagnostic.labels[0]?.span.line ?? 0;
      return {
        tool: 'oxlint',
        rule: diagnostic.code ?? 'parse',
        severity:
          diagnostic.severity === 'error' ? 'major' : diagnostic.severity === 'warning' ? 'minor' : 'info',
        file: diagnostic.filename ? reportedPath(places.workspace, diagnostic.filename) : null,
        line: line > 0 ? line : null,
        message: reportedMessage(places.workspace, diagnostic.message),
      };
    });
  });
}

/**
 * Applies oxlint's fixes in place: those of the default rules that it calls safe, or, if `dangerously`, every fix
 * and suggestion of every rule that it has.
 *
 * @param configuration other rules than the default ones
 */
export async function fixWithOxlint(
  places: LintPlaces,
  files: readonly string[],
  dangerously: boolean,
  configuration: OxlintConfiguration = {},
): Promise<void> {
  const flags = dangerously ? ['-W', 'all', '--fix-dangerously'] : ['--fix'];
  await inPortions(files, async (portion) => [
    await oxlint(places, configuration, [...flags, '--quiet', '--format=json', ...portion]),
  ]);
}

let configurations = 0;

function oxlint(
  { workspace, scratch }: LintPlaces,
  configuration: OxlintConfiguration,
  args: readonly string[],
) {
  const home = join(scratch, 'oxlint');
  mkdirSync(home, { recursive: true });
  configurations += 1;
  const path = join(home, `configuration-${configurations}.json`);
  writeFileSync(path, JSON.stringify(configuration));
  const tool = oxlintTool();
  const all = [...tool.args, `--config=${path}`, '--disable-nested-config', '--no-ignore', ...args];
  return runTool(tool.file, all, { cwd: workspace, home });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
