import { type ZodType, z } from 'zod';
import type { ReportName } from '../template.js';
import { type ArchitectureReport, architectureReportSchema } from './architecture.js';
import {
  type CandidateReport,
  candidateReportSchema,
  type ValidationReport,
  validationReportSchema,
} from './candidate.js';
import { type CodeReport, codeReportSchema } from './code.js';
import { type InfrastructureReport, infrastructureReportSchema } from './infrastructure.js';
import { type SegmentReport, segmentReportSchema } from './segment.js';
import { type Checkpoint, checkpointSchema, type Synthesis, synthesisSchema } from './synthesis.js';

/** Each result by the name of its contract. */
export interface ReportByName {
  readonly architecture: ArchitectureReport;
  readonly code: CodeReport;
  readonly infrastructure: InfrastructureReport;
  readonly candidate: CandidateReport;
  readonly validation: ValidationReport;
  readonly synthesis: Synthesis;
  readonly checkpoint: Checkpoint;
  readonly custom: CustomReport;
  readonly segment: SegmentReport;
}

/** `custom`: any JSON object. Its template says which schema it keeps to. */
export interface CustomReport {
  readonly kind: 'custom';
  readonly outcome: Readonly<Record<string, unknown>>;
}

const customReportSchema = z
  .record(z.string(), z.unknown())
  .transform((outcome): CustomReport => ({ kind: 'custom', outcome }));

/** The contract of each result by its name. */
export const reportSchemas: { readonly [Name in ReportName]: ZodType<ReportByName[Name]> } = {
  architecture: architectureReportSchema,
  code: codeReportSchema,
  infrastructure: infrastructureReportSchema,
  candidate: candidateReportSchema,
  validation: validationReportSchema,
  synthesis: synthesisSchema,
  checkpoint: checkpointSchema,
  custom: customReportSchema,
  segment: segmentReportSchema,
};
