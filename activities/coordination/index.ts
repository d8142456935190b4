import type { CoordinationActivities } from '../../libs/contracts/activities.js';
import { checkpoint } from './checkpoint.js';
import { collectItems } from './collect-items.js';
import { consolidate } from './consolidate.js';
import type { CoordinationDependencies } from './dependencies.js';
import { judge } from './judge.js';
import { synthesise } from './synthesise.js';

/** Barriers within a graph, and the phases that look at the whole run. Queue `control`. */
export const createCoordinationActivities = (
  dependencies: CoordinationDependencies,
): CoordinationActivities => ({
  consolidate: consolidate(dependencies),
  checkpoint: checkpoint(dependencies),
  collectItems: collectItems(dependencies),
  synthesise: synthesise(dependencies),
  judge: judge(dependencies),
});
