import type { DeliveryActivities } from '../../libs/contracts/activities.js';
import { acceptedRequestSchema, type StagedPackage } from '../../libs/contracts/phase.js';
import { assemblePackage } from '../../libs/packaging/assemble.js';
import { count } from '../../libs/synthesis/order.js';
import { interruptible } from '../../libs/temporal/interruptible.js';
import type { DeliveryDependencies } from './dependencies.js';

/**
 * Evaluates the criteria again on what the merge made and stages the package's files as artifacts; see
 * {@link assemblePackage}. The same run gives the same bytes.
 *
 * @throws HeptadError `Blocked` the decision is BLOCK, or no candidate is eligible
 * @throws HeptadError `InputInvalid` an input does not fit the others, or a name cannot be one of a file
 */
export const stagePackage =
  ({ store }: Pick<DeliveryDependencies, 'store'>): DeliveryActivities['stagePackage'] =>
  async (given) =>
    await interruptible(async (signal) => {
      const staged = await assemblePackage(store, given, signal);
      const { request } = await store.getJson(given.input.accepted.digest, acceptedRequestSchema);
      return {
        outcome: await store.putJson(staged),
        summary: summaryOf(staged),
        facts: { targets: request.deliver ?? [] },
      };
    });

const names: ReadonlyMap<string, string> = new Map([
  ['D', 'Model D'],
  ['result', 'The changed workspace'],
  ['none', 'Reports alone'],
]);

function summaryOf({ candidate, insteadOfMerge, files }: StagedPackage): string {
  const what = names.get(candidate) ?? `Candidate ${candidate}`;
  const why = insteadOfMerge === null ? '' : `, not Model D: ${insteadOfMerge}`;
  return `${what}, ${count(files.length, 'file')}${why}`;
}
