import { z } from 'zod';
import type { NamedArtifact } from '../../../libs/contracts/artifact.js';
import { type PhaseRecord, phaseRecordSchema } from '../../../libs/contracts/evidence.js';
import { executionSchema } from '../../../libs/contracts/phase.js';
import { type ValidationReport, validationReportSchema } from '../../../libs/contracts/reports/candidate.js';
import { type CodeReport, codeReportSchema } from '../../../libs/contracts/reports/code.js';
import {
  type InfrastructureReport,
  infrastructureReportSchema,
} from '../../../libs/contracts/reports/infrastructure.js';
import { type Judgement, judgementSchema } from '../../../libs/contracts/reports/synthesis.js';
import { phaseNumber } from '../../../libs/protocol/phases.js';
import type { ApiClient } from './api-client.js';

/** What the artifacts of a run tell of it; null or empty where the run did not come that far. */
export interface Evidence {
  readonly artifacts: readonly NamedArtifact[];
  /** In the order of the phases, and of the rounds within one. */
  readonly records: readonly PhaseRecord[];
  readonly judgement: Judgement | null;
  readonly infrastructure: InfrastructureReport | null;
  readonly code: CodeReport | null;
  /** By the item whose workspace was validated, as standings name it. */
  readonly validations: ReadonlyMap<string, ValidationReport>;
}

/** Reads what a run's records lead to: the outcomes of its phases and, from that of execute, those of its items. */
export async function readEvidence(api: ApiClient, run: string): Promise<Evidence> {
  const artifacts = await api.artifacts(run);
  const records = await readRecords(api, artifacts);
  const outputOf = (phase: PhaseRecord['phase']): string | null =>
    records.findLast((record) => record.phase === phase)?.output ?? null;
  const executed = await read(api, outputOf('execute'), executionSchema);
  const outcomes = (executed?.results ?? []).map(({ item, outcome }) => ({ item, digest: outcome.digest }));
  const ofItem = <T>(id: string, schema: z.ZodType<T>): Promise<T | null> =>
    read(api, outcomes.find(({ item }) => item === id)?.digest ?? null, schema);
  const validations = new Map<string, ValidationReport>();
  for (const { id, workspace, category } of executed?.graph.items ?? []) {
    if (workspace === null || category !== 'validation') continue;
    const report = await ofItem(id, validationReportSchema);
    if (report !== null) validations.set(workspace, report);
  }
  return {
    artifacts,
    records,
    judgement: await read(api, outputOf('verify'), judgementSchema),
    infrastructure: await ofItem('infrastructure', infrastructureReportSchema),
    code: await ofItem('code', codeReportSchema),
    validations,
  };
}

async function readRecords(
  api: ApiClient,
  artifacts: readonly NamedArtifact[],
): Promise<readonly PhaseRecord[]> {
  const named = new Set(
    artifacts.filter(({ name }) => name.endsWith('/record.json')).map(({ digest }) => digest),
  );
  const found = await Promise.all([...named].map((digest) => read(api, digest, phaseRecordSchema)));
  return found
    .filter((record) => record !== null)
    .sort((a, b) => phaseNumber(a.phase) - phaseNumber(b.phase) || a.round - b.round);
}

/** The artifact where it is of this kind; null where there is none, or it is another one. */
async function read<T>(api: ApiClient, digest: string | null, schema: z.ZodType<T>): Promise<T | null> {
  if (digest === null) return null;
  return schema.safeParse(await api.artifact(digest, z.unknown())).data ?? null;
}
