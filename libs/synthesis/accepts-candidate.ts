import type { ValidationReport } from '../contracts/reports/candidate.js';
import { count, firstOf } from './order.js';

/** Whether a candidate may be delivered, and the sentence why. */
export interface Eligibility {
  readonly eligible: boolean;
  readonly reason: string;
}

/**
 * Whether a validation accepts its candidate: tests ran, none that passed before fails, and none of the baseline is
 * missing. Exit codes play no part.
 */
export const acceptsCandidate = ({ tests, broken, missing }: ValidationReport): boolean =>
  tests.tests.length > 0 && broken.length === 0 && missing.length === 0;

/** What `acceptsCandidate` says, with its reason. */
export function eligibilityOf(validation: ValidationReport): Eligibility {
  const { broken, missing } = validation;
  if (acceptsCandidate(validation))
    return { eligible: true, reason: 'Every test that passed before passes.' };
  const reason =
    broken.length > 0
      ? `${count(broken.length, 'test')} broken: ${firstOf(broken, 3)}.`
      : missing.length > 0
        ? `${count(missing.length, 'test')} did not run: ${firstOf(missing, 3)}.`
        : 'No test ran.';
  return { eligible: false, reason };
}
