import type { VerificationActivities } from '../../libs/contracts/activities.js';
import { cleanUpVerifiers } from './clean-up-verifiers.js';
import type { VerificationDependencies } from './dependencies.js';
import { judgePhase } from './judge-phase.js';

/** The passes A, B and C. Queue `verify`. */
export const createVerificationActivities = (
  dependencies: VerificationDependencies,
): VerificationActivities => ({
  judgePhase: judgePhase(dependencies),
  cleanUpVerifiers: cleanUpVerifiers(dependencies),
});
