import type { ArtifactRef } from '../contracts/artifact.js';
import type { ValidationReport } from '../contracts/reports/candidate.js';
import type { Judgement, Standing } from '../contracts/reports/synthesis.js';
import type { SnapshotRef } from '../contracts/subject.js';

/** What a package delivers, and the criteria as they were evaluated on it. */
export interface DeliveredResult {
  /** `D`, a candidate's letter, or `result` or `none`, see `chooseUncontested`. */
  readonly candidate: string;
  /** The item whose workspace it is; null where it is no item's. */
  readonly item: string | null;
  /** Null where nothing competed. */
  readonly standing: Standing | null;
  readonly workspace: SnapshotRef;
  /** Null where no tests were run on it. */
  readonly validation: ValidationReport | null;
  /** Where the validation is. */
  readonly validated: ArtifactRef | null;
  readonly judgement: Judgement;
  /** Why it is not what the merge made; null where it is. */
  readonly insteadOfMerge: string | null;
}
