import type { GraphActivities } from '../../libs/contracts/activities.js';
import type { GraphDependencies } from './dependencies.js';

/** Stores results, and the items that were added for them, as one artifact: what waits for hundreds gets its digest. */
export const bundleResults =
  ({ store }: GraphDependencies): GraphActivities['bundleResults'] =>
  async ({ results, added }) => ({ bundle: await store.putJson({ results, added }) });
