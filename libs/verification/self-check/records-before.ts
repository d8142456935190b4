import { type PhaseRecord, phaseRecordSchema } from '../../contracts/evidence.js';
import { handoverProblems } from '../../evidence/handover-problems.js';
import { chainProblems } from '../../evidence/record-problems.js';
import { phaseNames } from '../../protocol/phases.js';
import type { Judged } from '../judged.js';
import { readInput } from '../read-input.js';
import { recordEvidence } from './record-evidence.js';

/**
 * Why the records of the phases before deliver, which it is given as `record-{phase}`, do not count.
 *
 * @throws HeptadError `InputInvalid`, `ArtifactUnknown`, `ArtifactCorrupt` one of them cannot be read
 */
export async function recordsBefore(judged: Judged): Promise<string[]> {
  const records: PhaseRecord[] = [];
  const problems: string[] = [];
  for (const phase of phaseNames.slice(0, phaseNames.indexOf(judged.phase))) {
    const record = await readInput(judged, `record-${phase}`, phaseRecordSchema);
    if (record.phase !== phase) problems.push(`The record of ${phase} is that of ${record.phase}.`);
    problems.push(...(await recordEvidence(judged, record)));
    records.push(record);
  }
  return [
    ...problems,
    ...chainProblems(records, { trust: await judged.trust() }),
    ...handoverProblems(records),
  ];
}
