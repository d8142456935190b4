import type { DeliveredResult } from '../delivered-result.js';
import type { PackagedRun } from '../read-run.js';

/** What the page of a package is made of; all of it was measured or decided in the run. */
export interface ReportData extends PackagedRun {
  readonly delivered: DeliveredResult;
  /** From the captured subject to what is delivered, in the form of git. */
  readonly patch: string;
}
