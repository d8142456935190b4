import type { DeliveryActivities } from '../../libs/contracts/activities.js';
import { attest } from './attest.js';
import { deliverPackage } from './deliver-package.js';
import { deliverTo } from './deliver-to.js';
import type { DeliveryDependencies } from './dependencies.js';
import { planDelivery } from './plan-delivery.js';
import { stagePackage } from './stage-package.js';

/** Packages: staged as artifacts, signed, then delivered once. Queue `control`. */
export const createDeliveryActivities = (dependencies: DeliveryDependencies): DeliveryActivities => ({
  planDelivery: planDelivery(dependencies),
  stagePackage: stagePackage(dependencies),
  attest: attest(dependencies),
  deliverPackage: deliverPackage(dependencies),
  deliverTo: deliverTo(dependencies),
});
