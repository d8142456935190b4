import type { ConclusionActivities } from '../../libs/contracts/activities.js';
import { accountForRun } from './account-for-run.js';
import { cleanUpControl } from './clean-up-control.js';
import type { ConclusionDependencies } from './dependencies.js';

/** The account of a run that is ending, and its clean-up. Queue `control`. */
export const createConclusionActivities = (dependencies: ConclusionDependencies): ConclusionActivities => ({
  accountForRun: accountForRun(dependencies),
  cleanUpControl: cleanUpControl(dependencies),
});
