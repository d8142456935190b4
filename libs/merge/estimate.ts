import type { ValidationReport } from '../contracts/reports/candidate.js';
import type { CodeReport } from '../contracts/reports/code.js';
import type { Template } from '../contracts/template.js';
import { riskLimits } from '../synthesis/assess-risks.js';
import type { ChangedFile, FileVersion } from './changed-files.js';
import type { Division } from './divide-file.js';

/** What variants are expected to gain. It guides the search and is never taken for a fitness. */
export interface Estimate {
  /** Of a version of a file that is not divided. */
  readonly whole: (path: string, version: FileVersion) => number;
  /** Of each option of each piece. */
  readonly pieces: (file: ChangedFile, division: Division) => number[][];
}

/** What is removed without something in its place is never wished for: tests may not see that it is missing. */
const neverWished = -1;

/**
 * Estimates gains from what the parents' validations counted in each file: findings that go, against lines that change,
 * by the template's weights. What a version gains is spread over its hunks by their lines.
 */
export function estimateFrom(
  code: CodeReport,
  validations: ReadonlyMap<string, ValidationReport>,
  files: readonly ChangedFile[],
  weights: Template['fitness'],
): Estimate {
  const [any] = validations.values();
  const allFindings = Math.max(1, code.totals.all - code.totals.debt);
  const allLines = Math.max(1, 2 * (any?.lines.before ?? 0));
  const before = findingsBefore(code, validations, files);
  const found = (path: string, { parents }: FileVersion): number => {
    const was = before(path);
    const validation = parents.map((item) => validations.get(item)).find((report) => report !== undefined);
    return (weights.findings * (was - (validation ? countIn(validation, path) : was))) / allFindings;
  };
  const cost = (lines: number): number => (weights.size * lines) / allLines;
  return {
    whole: (path, version) => (version.entry === null ? neverWished : found(path, version)),
    pieces: ({ path, versions }, { pieces }) => {
      const lines = versions.map((_, version) =>
        pieces
          .flatMap(({ options }) => options)
          .filter((option) => option.versions.includes(version))
          .reduce((sum, option) => sum + option.lines, 0),
      );
      return pieces.map(({ options }) =>
        options.map((option) => {
          if (option.versions.length === 0) return 0;
          if (option.deleted >= riskLimits.deletion) return neverWished;
          const shares = option.versions.map((index) => {
            const version = versions[index];
            return version ? (found(path, version) * option.lines) / Math.max(1, lines[index] ?? 0) : 0;
          });
          return Math.max(...shares) - cost(option.lines);
        }),
      );
    },
  };
}

/** Findings of a captured file: as a candidate that left it alone was counted, else as the code report has them. */
function findingsBefore(
  { byFile }: CodeReport,
  validations: ReadonlyMap<string, ValidationReport>,
  files: readonly ChangedFile[],
): (path: string) => number {
  const touched = new Map(
    files.map(({ path, versions }) => [path, versions.flatMap(({ parents }) => parents)]),
  );
  return (path) => {
    const untouched = [...validations].find(([item]) => !touched.get(path)?.includes(item));
    return untouched ? countIn(untouched[1], path) : (byFile.find(({ file }) => file === path)?.count ?? 0);
  };
}

const countIn = ({ findings }: ValidationReport, path: string): number =>
  findings.byFile.find(({ file }) => file === path)?.count ?? 0;
