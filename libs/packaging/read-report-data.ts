import type { ArtifactStore } from '../artifacts/artifact-store.js';
import type { PhaseRecord, Verdict } from '../contracts/evidence.js';
import { phaseRecordSchema, verdictSchema } from '../contracts/evidence.js';
import type { ItemResult } from '../contracts/graph.js';
import type { AcceptedRequest, Execution, NamedRefs } from '../contracts/phase.js';
import { type ReportByName, type ReportName, reportSchemas } from '../contracts/reports/by-name.js';
import type { Standing } from '../contracts/reports/synthesis.js';
import { templateSchema } from '../contracts/template.js';
import { phaseNames } from '../protocol/phases.js';
import type { ReportData } from './report/report-data.js';

/** The best candidate's reports, and those of the analysis, for the page. */
export async function readReports(
  store: ArtifactStore,
  { request }: AcceptedRequest,
  { graph, results }: Execution,
  { item }: Standing,
): Promise<Pick<ReportData, 'candidate' | 'validation' | 'code' | 'infrastructure'>> {
  const template = await store.getJson(request.template.digest, templateSchema);
  const items = new Map(graph.items.map((one) => [one.id, one]));
  const expects = new Map(template.items.map((body) => [body.id, body.expects]));
  const read = async <Name extends ReportName>(
    name: Name,
    wanted: (result: ItemResult) => boolean = () => true,
  ): Promise<ReportByName[Name] | null> => {
    const found = results.find(
      (result) => expects.get(items.get(result.item)?.body ?? '') === name && wanted(result),
    );
    return found ? await store.getJson<ReportByName[Name]>(found.outcome.digest, reportSchemas[name]) : null;
  };
  const [candidate, validation, code, infrastructure] = await Promise.all([
    read('candidate', (result) => result.item === item),
    read('validation', (result) => items.get(result.item)?.workspace === item),
    read('code'),
    read('infrastructure'),
  ]);
  return { candidate, validation, code, infrastructure };
}

/** The records so far with their verdicts, in the order of the phases. */
export async function readRecords(store: ArtifactStore, records: NamedRefs): Promise<ReportData['records']> {
  const read: { phase: (typeof phaseNames)[number]; record: PhaseRecord; verdicts: Verdict[] }[] = [];
  for (const phase of phaseNames) {
    const ref = records[phase];
    if (!ref) continue;
    const record = await store.getJson(ref.digest, phaseRecordSchema);
    const verdicts = await Promise.all(
      record.verdicts.map(({ verdict }) => store.getJson(verdict, verdictSchema)),
    );
    read.push({ phase, record, verdicts });
  }
  return read;
}
