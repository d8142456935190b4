import type { VerificationActivities } from '../../libs/contracts/activities.js';
import { cleanUpScratch } from '../../libs/scratch/clean-up.js';
import type { VerificationDependencies } from './dependencies.js';

/** Removes what killed attempts of a run left behind on this host. */
export const cleanUpVerifiers =
  ({ scratch }: Pick<VerificationDependencies, 'scratch'>): VerificationActivities['cleanUpVerifiers'] =>
  async ({ run }) => ({ scratchFolders: await cleanUpScratch(scratch, run) });
