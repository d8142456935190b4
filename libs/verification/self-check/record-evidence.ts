import { type PhaseRecord, verdictSchema } from '../../contracts/evidence.js';
import { payloadType } from '../../protocol/payload-types.js';
import type { Judged } from '../judged.js';
import { verdictProblems } from '../verdict-problems.js';

/**
 * Why a record of the judged run, or a verdict that it names, does not count: the record is of another run, or one of
 * them is not signed by the one whose it is.
 *
 * @throws HeptadError `InputInvalid`, `ArtifactUnknown`, `ArtifactCorrupt` a verdict cannot be read
 */
export async function recordEvidence({ store, run, trust }: Judged, record: PhaseRecord): Promise<string[]> {
  const pinned = await trust();
  const signature = pinned.problemsOf(record, { type: payloadType.record, identity: 'producer' });
  const problems = signature.map((problem) => `The record of ${record.phase}: ${problem}`);
  if (record.run !== run) problems.push(`The record of ${record.phase} is of the run ${record.run}.`);
  for (const { pass, passed, verdict } of record.verdicts) {
    const found = await store.getJson(verdict, verdictSchema);
    problems.push(
      ...verdictProblems(found, { ...record, pass, passed }, pinned).map(
        (problem) => `Pass ${pass} of ${record.phase}: ${problem}`,
      ),
    );
  }
  return problems;
}
