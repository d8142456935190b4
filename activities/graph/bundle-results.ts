import type { GraphActivities } from '../../libs/contracts/activities.js';
import type { GraphDependencies } from './dependencies.js';

/** Stores results as one artifact: what waits for hundreds of them gets its digest. */
export const bundleResults =
  ({ store }: GraphDependencies): GraphActivities['bundleResults'] =>
  async ({ results }) => ({ bundle: await store.putJson(results) });
