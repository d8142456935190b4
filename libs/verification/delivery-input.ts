import type { DeliveryInput } from '../contracts/activities.js';
import type { Judged } from './judged.js';
import { inputOf } from './read-input.js';

/**
 * What the judged phase deliver works on.
 *
 * @throws HeptadError `InputInvalid` one of it was not named
 */
export const deliveryInput = (judged: Judged): DeliveryInput => ({
  ...judged.input,
  accepted: inputOf(judged, 'accepted'),
  assignment: inputOf(judged, 'assignment'),
  executed: inputOf(judged, 'executed'),
  synthesis: inputOf(judged, 'synthesis'),
  judged: inputOf(judged, 'judged'),
});
