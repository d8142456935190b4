import type { GraphActivities } from '../../libs/contracts/activities.js';
import { admitted } from '../../libs/discovery/admitted.js';
import type { GraphDependencies } from './dependencies.js';

/**
 * Looks at what an item found, or at its failure, and stores the ledger that says what became of it.
 *
 * @throws HeptadError `ArtifactUnknown`, `ArtifactCorrupt`
 */
export const admitWork =
  ({ store }: GraphDependencies): GraphActivities['admitWork'] =>
  async (found) => {
    const { items, ledger } = await admitted(store, found);
    return { items, ledger: ledger === null ? found.ledger : (await store.putJson(ledger)).digest };
  };
