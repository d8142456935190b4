import type { PhaseRecord, Verdict } from '../../contracts/evidence.js';
import type { AcceptedRequest, Execution } from '../../contracts/phase.js';
import type { CandidateReport, ValidationReport } from '../../contracts/reports/candidate.js';
import type { CodeReport } from '../../contracts/reports/code.js';
import type { InfrastructureReport } from '../../contracts/reports/infrastructure.js';
import type { Judgement, Standing, Synthesis } from '../../contracts/reports/synthesis.js';
import type { PhaseName } from '../../protocol/phases.js';

/** What the page of a package is made of; all of it was measured or decided in the run. */
export interface ReportData {
  readonly run: string;
  readonly accepted: AcceptedRequest;
  readonly execution: Execution;
  readonly synthesis: Synthesis;
  readonly judgement: Judgement;
  readonly best: Standing;
  /** The best candidate's own report and its validation; null where the template has none. */
  readonly candidate: CandidateReport | null;
  readonly validation: ValidationReport | null;
  readonly code: CodeReport | null;
  readonly infrastructure: InfrastructureReport | null;
  /** Records so far, with the verdicts that they name, in the order of the phases. */
  readonly records: readonly {
    readonly phase: PhaseName;
    readonly record: PhaseRecord;
    readonly verdicts: readonly Verdict[];
  }[];
  readonly patch: string;
}
