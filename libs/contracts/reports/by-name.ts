import type { ZodType } from 'zod';
import type { TemplateItem } from '../template.js';
import { type ArchitectureReport, architectureReportSchema } from './architecture.js';
import {
  type CandidateReport,
  candidateReportSchema,
  type ValidationReport,
  validationReportSchema,
} from './candidate.js';
import { type CodeReport, codeReportSchema } from './code.js';
import { type InfrastructureReport, infrastructureReportSchema } from './infrastructure.js';
import { type Checkpoint, checkpointSchema, type Synthesis, synthesisSchema } from './synthesis.js';

/** Name of a result's contract, as an item's `expects` says it. */
export type ReportName = TemplateItem['expects'];

/** Each result by the name of its contract. */
export interface ReportByName {
  readonly architecture: ArchitectureReport;
  readonly code: CodeReport;
  readonly infrastructure: InfrastructureReport;
  readonly candidate: CandidateReport;
  readonly validation: ValidationReport;
  readonly synthesis: Synthesis;
  readonly checkpoint: Checkpoint;
}

/** The contract of each result by its name. */
export const reportSchemas: { readonly [Name in ReportName]: ZodType<ReportByName[Name]> } = {
  architecture: architectureReportSchema,
  code: codeReportSchema,
  infrastructure: infrastructureReportSchema,
  candidate: candidateReportSchema,
  validation: validationReportSchema,
  synthesis: synthesisSchema,
  checkpoint: checkpointSchema,
};
