import type { ConclusionActivities } from '../../libs/contracts/activities.js';
import { packageFolder } from '../../libs/packaging/package-folder.js';
import { removeTemporary } from '../../libs/packaging/write-folder.js';
import { cleanUpScratch } from '../../libs/scratch/clean-up.js';
import type { ConclusionDependencies } from './dependencies.js';

/** Removes what killed attempts of a run left on this host: scratch folders, and packages half written. */
export const cleanUpControl =
  ({
    scratch,
    packages,
  }: Pick<ConclusionDependencies, 'scratch' | 'packages'>): ConclusionActivities['cleanUpControl'] =>
  async ({ run }) => ({
    scratchFolders:
      (await cleanUpScratch(scratch, run)) + (await removeTemporary(packageFolder(packages, run))),
  });
