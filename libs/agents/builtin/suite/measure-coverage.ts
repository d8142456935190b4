import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { z } from 'zod';
import type { Coverage } from '../../../contracts/reports/tests.js';
import type { WorkingCopy } from './working-copy.js';

const counts = z.object({ total: z.number(), covered: z.number() });
const summarySchema = z.object({ total: z.object({ lines: counts, functions: counts, branches: counts }) });
const largest = 512 * 1024 * 1024;

/**
 * Coverage of the library's own files by the last run in this copy, by c8 from what V8 counted. Files that were never
 * loaded count as not covered. All null where nothing was counted.
 */
export async function measureCoverage(copy: WorkingCopy, library: readonly string[]): Promise<Coverage> {
  const files = readdirSync(copy.coverage);
  const size = files.reduce((sum, file) => sum + statSync(join(copy.coverage, file)).size, 0);
  if (files.length === 0 || size > largest || library.length === 0) {
    return { lines: null, functions: null, branches: null };
  }
  const { Report } = await import('c8');
  const folder = process.cwd();
  // c8 takes paths from the folder in which it works.
  process.chdir(copy.workspace);
  try {
    await new Report({
      all: true,
      src: [copy.workspace],
      include: library.map(literally),
      exclude: [],
      excludeNodeModules: true,
      extension: ['.js', '.cjs', '.mjs', '.jsx', '.ts', '.cts', '.mts', '.tsx'],
      tempDirectory: copy.coverage,
      reportsDirectory: copy.reports,
      reporter: ['json-summary'],
      omitRelative: true,
      resolve: '',
    }).run();
  } finally {
    process.chdir(folder);
  }
  const { total } = summarySchema.parse(
    JSON.parse(readFileSync(join(copy.reports, 'coverage-summary.json'), 'utf8')),
  );
  return {
    lines: percent(total.lines),
    functions: percent(total.functions),
    branches: percent(total.branches),
  };
}

const percent = ({ total, covered }: { total: number; covered: number }): number | null =>
  total === 0 ? null : Math.round((1000 * covered) / total) / 10;

/** A file's name as a glob pattern that matches nothing else. */
const literally = (file: string): string => file.replace(/[\\*?[\]{}()!+@]/g, '\\$&');
