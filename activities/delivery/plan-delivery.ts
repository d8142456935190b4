import type { DeliveryActivities } from '../../libs/contracts/activities.js';
import { judgementSchema } from '../../libs/contracts/reports/synthesis.js';
import { bestStanding } from '../../libs/synthesis/standings.js';
import type { DeliveryDependencies } from './dependencies.js';

/**
 * Says whether candidates are to be merged: where verify found none that is eligible, there is nothing to cross.
 *
 * @throws HeptadError `ArtifactUnknown`, `ArtifactCorrupt`, `InputInvalid`
 */
export const planDelivery =
  ({ store }: Pick<DeliveryDependencies, 'store'>): DeliveryActivities['planDelivery'] =>
  async ({ judged }) => {
    const judgement = await store.getJson(judged.digest, judgementSchema);
    return { merges: bestStanding(judgement) !== undefined };
  };
