import type { MergeReport } from '../../../libs/contracts/reports/merge.js';
import type { Standing } from '../../../libs/contracts/reports/synthesis.js';
import { candidateNames } from '../../../libs/synthesis/candidate-names.js';
import { bestOf } from '../../../libs/synthesis/standings.js';
import type { Evidence } from '../client/read-evidence.js';
import type { Colors } from '../terminal.js';
import { lineage } from './lineage.js';
import { plain } from './plain.js';
import { table } from './table.js';

/** What became of Model D. */
export interface Merged extends Pick<MergeReport['result'], 'candidate' | 'improved' | 'says' | 'lineage'> {
  /** Why it is not delivered; null where it is. */
  readonly insteadOfMerge: string | null;
}

/**
 * Candidates and Model D as a table of what was measured, best first. Below it: why some are out, and from whom the
 * parts of Model D come.
 */
export function candidates(
  standings: readonly Standing[],
  best: string | null,
  merged: Merged | null,
  colors: Colors,
): string {
  const columns = [
    { head: 'candidate' },
    { head: 'strategy' },
    { head: 'fitness', align: 'right' },
    { head: 'findings', align: 'right' },
    { head: 'complexity', align: 'right' },
    { head: 'lines', align: 'right' },
    { head: 'checks', align: 'right' },
    { head: 'tests', align: 'right' },
    { head: 'covered', align: 'right' },
    { head: '' },
  ] as const;
  const ranked = [...standings].sort(
    (a, b) => (b.fitness ?? -2) - (a.fitness ?? -2) || a.candidate.localeCompare(b.candidate, 'en'),
  );
  const names = candidateNames(standings);
  const nameOf = ({ item, candidate }: Standing): string => names.get(item) ?? candidate;
  const first = bestOf(standings.filter(({ candidate }) => candidate === best));
  const rows = ranked.map((standing) => [
    nameOf(standing),
    standing.strategy,
    standing.fitness === null ? null : standing.fitness.toFixed(3),
    ...measured(standing),
    `${standing.testsPassed}/${standing.testsPassed + standing.testsFailed + standing.missing}`,
    standing.functionCoverage === null ? null : `${standing.functionCoverage.toFixed(1)} %`,
    standing.eligible ? (standing === first ? 'best' : 'eligible') : 'out',
  ]);
  const out = ranked.filter(({ eligible }) => !eligible);
  const notes = [
    ...out.map((standing) => `${nameOf(standing)} is out: ${standing.reason}`),
    ...(merged === null ? [] : notesOn(merged)),
  ];
  return [table(columns, rows, colors), ...notes.map((note) => colors.dim(plain(note)))].join('\n');
}

/** What became of Model D in a run; null where no merge was made. */
export const mergedOf = ({ delivery }: Pick<Evidence, 'delivery'>): Merged | null => {
  if (delivery === null) return null;
  const { candidate, improved, says, lineage: parts } = delivery.merge.result;
  return { candidate, improved, says, lineage: parts, insteadOfMerge: delivery.staged.insteadOfMerge };
};

/** The cells of findings, complexity, changed lines and checks. */
function measured({ measurements, findings, linesChanged }: Standing): (string | number | null)[] {
  if (measurements === null) return [findings, null, linesChanged, null];
  const { findings: found, complexity, change, verification } = measurements;
  return [
    `${found.before} → ${found.after}`,
    `${complexity.before} → ${complexity.after}`,
    change.lines,
    `${verification.ok}/${verification.checks}`,
  ];
}

const notesOn = (merged: Merged): string[] => [
  merged.improved
    ? `${merged.candidate} is merged: ${lineage(merged)}.`
    : `${merged.candidate} is delivered as it is: ${merged.says}`,
  ...(merged.insteadOfMerge === null ? [] : [merged.insteadOfMerge]),
];
