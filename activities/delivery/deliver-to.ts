import type { DeliveryActivities } from '../../libs/contracts/activities.js';
import { type DeliveryReceipt, deliveryReceiptSchema } from '../../libs/contracts/delivery.js';
import type { Delivered, Delivery, DeliveryTools } from '../../libs/delivery/delivery.js';
import { deliverToBranch } from '../../libs/delivery/to-branch.js';
import { deliverToBucket } from '../../libs/delivery/to-bucket.js';
import { deliverToFolder } from '../../libs/delivery/to-folder.js';
import { proveStep } from '../../libs/evidence/progress.js';
import { packageContents } from '../../libs/packaging/package-contents.js';
import { interruptible } from '../../libs/temporal/interruptible.js';
import type { DeliveryDependencies } from './dependencies.js';

type Needed = Pick<DeliveryDependencies, 'store' | 'scratch' | 'roots' | 's3'>;

/**
 * Delivers a package to a folder, a bucket or a branch, and stores the receipt. Keyed by the record's digest: done
 * again, it finds what it delivered and answers the same receipt.
 *
 * @throws HeptadError `DependencyUnreachable`, `DeliveryOvertaken` it is tried again
 * @throws HeptadError `DeliveryRefused` the target does not accept it
 * @throws HeptadError `DeliveryConflict` something else is there
 */
export const deliverTo =
  ({ store, scratch, roots, s3 }: Needed): DeliveryActivities['deliverTo'] =>
  async ({ target, ...given }) =>
    await interruptible(async (signal) => {
      const contents = await packageContents(store, given);
      const delivery = { ...given, target, contents };
      const { location, written } = await deliver({ store, scratch, signal }, { roots, s3 }, delivery);
      await proveStep({ milestone: 'package delivered', percent: 90 });
      const receipt: DeliveryReceipt = deliveryReceiptSchema.parse({
        version: 1,
        run: given.run,
        record: given.record.digest,
        manifest: contents.receipt.manifest,
        target,
        location,
        written,
      });
      return { receipt: await store.putJson(receipt), says: `delivered to ${location}` };
    });

async function deliver(
  tools: DeliveryTools,
  { roots, s3 }: Pick<Needed, 'roots' | 's3'>,
  { target, ...delivery }: Delivery,
): Promise<Delivered> {
  switch (target.kind) {
    case 'folder':
      return await deliverToFolder(tools, roots, { ...delivery, target });
    case 's3':
      return await deliverToBucket(tools, s3, { ...delivery, target });
    case 'git':
      return await deliverToBranch(tools, roots, { ...delivery, target });
  }
}
