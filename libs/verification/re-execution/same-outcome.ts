import { compareOutcomes } from '../../agents/compare.js';
import { digestOfJson } from '../../artifacts/digest-of-json.js';
import type { CheckList } from '../check-list.js';
import { jsonSchema } from '../json-schema.js';
import type { Judged } from '../judged.js';

/** Adds whether what was made again is what was staged, by digest; where it is not, the places in which they differ. */
export async function sameOutcome(
  { store, output }: Judged,
  checks: CheckList,
  made: unknown,
): Promise<void> {
  await checks.attempt(
    'same-outcome',
    'Made again from the same inputs: equal by digest.',
    async (problems) => {
      const digest = digestOfJson(made);
      if (digest === output.digest) return;
      const staged = await store.getJson(output.digest, jsonSchema);
      const { differences } = compareOutcomes('digest', staged, made);
      problems.push(
        differences.length === 0
          ? 'It says the same, but is not stored as canonical JSON.'
          : `Staged, then made again: ${differences.join('; ')}.`,
      );
    },
  );
}
