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
import { byCodeUnit, count, firstOf } from '../../libs/synthesis/order.js';
import type { Expected } from '../../libs/templates/expected-report.js';
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
const fieldsSchema = z.record(z.string(), z.unknown());

/** Fields that say what an outcome is, before others. */
const telling = ['summary', 'title'] as const;

/** Characters of a summary. */
const mostSaid = 200;

/**
 * One line that says what came out, whether it accepts what it judged, the facts that the graph asked for, and how many
 * discoveries there are. What an outcome of no contract of ours says is its `summary`, else its `title`, else what its
 * contract or its `kind` calls it and which fields it has.
 *
 * @param contract the JSON Schema of the outcome, where its template has one
 */
export async function summarise(
  store: ArtifactStore,
  outcome: ArtifactRef,
  wanted: readonly string[],
  contract: Expected['schema'],
): Promise<Summary> {
  const value = await store.getJson(outcome.digest, z.unknown());
  const facts = factsOfOutcome(value, wanted);
  const found = discoveringSchema.safeParse(value).data?.discoveries.length;
  const beside = {
    ...(Object.keys(facts).length > 0 ? { facts } : {}),
    ...(found === undefined ? {} : { discoveries: found }),
  };
  const parsed = reportSchema.safeParse(value);
  if (!parsed.success)
    return {
      summary: oneLine(lineOfOther(fieldsSchema.safeParse(value).data ?? {}, contract)),
      accepted: true,
      ...beside,
    };
  const report = parsed.data;
  return {
    summary: oneLine(lineOf(report)),
    accepted: report.kind === 'validation' ? acceptsCandidate(report) : true,
    ...beside,
  };
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim().slice(0, mostSaid).toWellFormed();

const isSaid = (value: unknown): value is string => typeof value === 'string' && value.trim() !== '';

function lineOfOther(fields: Readonly<Record<string, unknown>>, contract: Expected['schema']): string {
  const said = telling.map((name) => fields[name]).find(isSaid);
  if (said !== undefined) return said;
  const name = [contract?.title, fields.kind].find(isSaid) ?? 'An outcome';
  const names = Object.keys(fields).sort(byCodeUnit);
  return `${name}: ${count(names.length, 'field')}${names.length > 0 ? `, ${firstOf(names)}` : ''}`;
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
