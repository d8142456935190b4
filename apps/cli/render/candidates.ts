import type { Standing } from '../../../libs/contracts/reports/synthesis.js';
import type { Colors } from '../terminal.js';
import { plain } from './plain.js';
import { table } from './table.js';

/** Candidates as a table, best first, and below it why some are out. */
export function candidates(standings: readonly Standing[], best: string | null, colors: Colors): string {
  const columns = [
    { head: 'candidate' },
    { head: 'strategy' },
    { head: 'fitness', align: 'right' },
    { head: 'findings', align: 'right' },
    { head: 'tests', align: 'right' },
    { head: 'changed', align: 'right' },
    { head: 'coverage', align: 'right' },
    { head: '' },
  ] as const;
  const ranked = [...standings].sort(
    (a, b) => (b.fitness ?? -1) - (a.fitness ?? -1) || a.candidate.localeCompare(b.candidate, 'en'),
  );
  const letters = standings.map(({ candidate }) => candidate);
  // A candidate that was repaired has a standing for each of its results.
  const nameOf = ({ candidate, item }: Standing): string =>
    letters.indexOf(candidate) === letters.lastIndexOf(candidate) ? candidate : `${candidate} (${item})`;
  const rows = ranked.map((standing) => [
    nameOf(standing),
    standing.strategy,
    standing.fitness === null ? null : standing.fitness.toFixed(3),
    standing.findings,
    `${standing.testsPassed}/${standing.testsPassed + standing.testsFailed + standing.missing}`,
    `${standing.linesChanged} lines`,
    standing.functionCoverage === null ? null : `${standing.functionCoverage.toFixed(1)} %`,
    standing.eligible ? (standing.candidate === best ? 'best' : 'eligible') : 'out',
  ]);
  const out = ranked.filter(({ eligible }) => !eligible);
  const reasons = out.map((standing) => colors.dim(`${nameOf(standing)} is out: ${plain(standing.reason)}`));
  return [table(columns, rows, colors), ...reasons].join('\n');
}
