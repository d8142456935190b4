import type { DeliveryActivities } from '../../libs/contracts/activities.js';
import { deliverPackage } from './deliver-package.js';
import type { DeliveryDependencies } from './dependencies.js';
import { stagePackage } from './stage-package.js';

/** Packages: staged as artifacts, then delivered once. Queue `control`. */
export const createDeliveryActivities = (dependencies: DeliveryDependencies): DeliveryActivities => ({
  stagePackage: stagePackage(dependencies),
  deliverPackage: deliverPackage(dependencies),
});
