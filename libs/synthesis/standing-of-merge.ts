import type { ValidationReport } from '../contracts/reports/candidate.js';
import type { MergeReport } from '../contracts/reports/merge.js';
import type { Standing } from '../contracts/reports/synthesis.js';
import { eligibilityOf } from './accepts-candidate.js';
import { noAgent } from './report.js';
import { countsOf } from './standings.js';

/** Whose Model D is: no item's and no agent's. */
export const byMerge = { item: 'merge', strategy: 'merge', agent: noAgent } as const;

/**
 * How Model D stands, as the merge measured it; undefined where the merge found nothing better than a parent.
 *
 * @param validation the one that the merge names
 */
export const standingOfMerge = (
  { result }: MergeReport,
  validation: ValidationReport,
): Standing | undefined =>
  result.improved
    ? {
        candidate: result.candidate,
        ...byMerge,
        ...eligibilityOf(validation),
        fitness: result.fitness,
        measurements: result.measurements,
        ...countsOf(validation),
        workspace: result.workspace.digest,
      }
    : undefined;
