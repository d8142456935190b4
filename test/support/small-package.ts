import { join } from 'node:path';
import { attest } from '../../activities/delivery/attest.js';
import { deliverTo } from '../../activities/delivery/deliver-to.js';
import { stagePackage } from '../../activities/delivery/stage-package.js';
import type { DeliveryActivities } from '../../libs/contracts/activities.js';
import { type DeliveryReceipt, deliveryReceiptSchema, type Target } from '../../libs/contracts/delivery.js';
import type { S3Settings } from '../../libs/delivery/open-object-store.js';
import type { ToDeliver } from '../../libs/packaging/package-contents.js';
import { inActivity } from './in-activity.js';
import { deliveryRecord, type SmallDeliveryOptions, smallDelivery } from './small-delivery.js';
import { type SmallRun, smallRun } from './small-run.js';

/** A package of a small run, staged, recorded and attested. */
export interface SmallPackage {
  readonly small: SmallRun;
  readonly given: ToDeliver;
  /** Folder for temporary folders. */
  readonly scratch: string;
  /** Delivers it, as an attempt of the activity. */
  readonly deliver: (
    target: Target,
    options?: { readonly roots?: readonly string[]; readonly s3?: S3Settings; readonly given?: ToDeliver },
  ) => Promise<DeliveryReceipt>;
}

/** Makes one, which is gone when the test is. */
export async function smallPackage(options: SmallDeliveryOptions = {}): Promise<SmallPackage> {
  const small = await smallRun();
  const { store, run, signers, trust } = small;
  const delivery = await smallDelivery(small, options);
  const { input, merged } = delivery;
  const { outcome: staged } = await inActivity(() => stagePackage({ store })({ run, input, merged }));
  const record = await deliveryRecord(delivery, staged);
  const { attestations } = await inActivity(() =>
    attest({ store, release: signers.release, trust: async () => trust })({ run, staged, record }),
  );
  const given = { run, staged, record, attestations };
  const scratch = join(small.folder, 'scratch');
  const none = { endpoint: undefined, region: undefined, pathStyle: false };
  return {
    small,
    given,
    scratch,
    deliver: async (target, { roots = [], s3 = none, given: other = given } = {}) => {
      const activity: DeliveryActivities['deliverTo'] = deliverTo({ store, scratch, roots, s3 });
      const { receipt } = await inActivity(() => activity({ ...other, target }));
      return await store.getJson(receipt.digest, deliveryReceiptSchema);
    },
  };
}
