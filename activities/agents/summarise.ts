import { z } from 'zod';
import type { ArtifactStore } from '../../libs/artifacts/artifact-store.js';
import type { ArtifactRef } from '../../libs/contracts/artifact.js';
import type { ItemResult } from '../../libs/contracts/graph.js';
import { architectureReportSchema } from '../../libs/contracts/reports/architecture.js';
import { candidateReportSchema, validationReportSchema } from '../../libs/contracts/reports/candidate.js';
import { codeReportSchema } from '../../libs/contracts/reports/code.js';
import { infrastructureReportSchema } from '../../libs/contracts/reports/infrastructure.js';
import { segmentReportSchema } from '../../libs/contracts/reports/segment.js';
import { acceptsCandidate } from '../../libs/synthesis/accepts-candidate.js';
import { factsOfOutcome } from '../../libs/templates/facts-of-outcome.js';

const reportSchema = z.discriminatedUnion('kind', [
  architectureReportSchema,
  candidateReportSchema,
  codeReportSchema,
  infrastructureReportSchema,
  segmentReportSchema,
  validationReportSchema,
]);
type Report = z.infer<typeof reportSchema>;

type Summary = Pick<ItemResult, 'summary' | 'accepted' | 'facts' | 'discoveries'>;

const discoveringSchema = z.looseObject({ discoveries: z.array(z.unknown()).min(1) });
const summarisedSchema = z.looseObject({ summary: z.string().min(1) });

/**
 * One line that says what came out, whether it accepts what it judged, the facts that the graph asked for, and how many
 * discoveries there are.
 */
export async function summarise(
  store: ArtifactStore,
  outcome: ArtifactRef,
  wanted: readonly string[],
): Promise<Summary> {
  const value = await store.getJson(outcome.digest, z.unknown());
  const facts = factsOfOutcome(value, wanted);
  const found = discoveringSchema.safeParse(value).data?.discoveries.length;
  const beside = {
    ...(Object.keys(facts).length > 0 ? { facts } : {}),
    ...(found === undefined ? {} : { discoveries: found }),
  };
  const parsed = reportSchema.safeParse(value);
  if (!parsed.success) {
    const summary = summarisedSchema.safeParse(value).data?.summary ?? 'done';
    return { summary: summary.slice(0, 200).toWellFormed(), accepted: true, ...beside };
  }
  const report = parsed.data;
  return {
    summary: lineOf(report).slice(0, 200),
    accepted: report.kind === 'validation' ? acceptsCandidate(report) : true,
    ...beside,
  };
}

function lineOf(report: Report): string {
  switch (report.kind) {
    case 'architecture':
      return `${report.components.length} components, ${report.imports.length} imports, ${report.cycles.length} cycles`;
    case 'code':
      return `${report.totals.all} findings in ${report.files.length} files`;
    case 'infrastructure': {
      const { passed, failed } = report.baseline;
      return `${passed} tests pass, ${failed} fail; ${report.secrets.length} secrets`;
    }
    case 'segment':
      return `${report.inputs.count} inputs: ${report.completed} completed, ${report.failed} failed`;
    case 'candidate':
      return `${report.strategy}: ${report.changed.length} files changed, ${report.left.length} left`;
    case 'validation': {
      const { tests, broken, missing, findings } = report;
      return `${tests.passed} of ${tests.tests.length} tests pass, ${broken.length} broken, ${missing.length} missing; ${findings.all} findings`;
    }
  }
}
