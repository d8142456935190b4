import type { EvidenceActivities } from '../../libs/contracts/activities.js';
import { archiveHistories } from './archive-histories.js';
import { checkWaiver } from './check-waiver.js';
import type { EvidenceDependencies } from './dependencies.js';
import { findUnsealed } from './find-unsealed.js';
import { writeRecord } from './write-record.js';
import { writeSeal } from './write-seal.js';

/** Records, histories and seals of runs. Queue `control`. */
export const createEvidenceActivities = (dependencies: EvidenceDependencies): EvidenceActivities => ({
  checkWaiver: checkWaiver(dependencies),
  writeRecord: writeRecord(dependencies),
  archiveHistories: archiveHistories(dependencies),
  writeSeal: writeSeal(dependencies),
  findUnsealed: findUnsealed(dependencies),
});
