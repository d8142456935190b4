import type { ValidationReport } from '../contracts/reports/candidate.js';

/**
 * Whether a validation accepts its candidate: tests ran, none that passed before fails, and none of the baseline is
 * missing. Exit codes play no part.
 */
export const acceptsCandidate = ({ tests, broken, missing }: ValidationReport): boolean =>
  tests.tests.length > 0 && broken.length === 0 && missing.length === 0;
