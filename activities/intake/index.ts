import type { IntakeActivities } from '../../libs/contracts/activities.js';
import { acceptRequest } from './accept-request.js';
import { captureSubject } from './capture-subject.js';
import type { IntakeDependencies } from './dependencies.js';
import { parseRequest } from './parse-request.js';

/** Requests and their subjects. Queue `control`. */
export const createIntakeActivities = (dependencies: IntakeDependencies): IntakeActivities => ({
  parseRequest: parseRequest(dependencies),
  captureSubject: captureSubject(dependencies),
  acceptRequest: acceptRequest(dependencies),
});
