import { z } from 'zod';
import { type PhaseRecord, phaseRecordSchema } from '../../../libs/contracts/evidence.js';
import { executionSchema, type StagedPackage, stagedPackageSchema } from '../../../libs/contracts/phase.js';
import { type ValidationReport, validationReportSchema } from '../../../libs/contracts/reports/candidate.js';
import {
  type InfrastructureReport,
  infrastructureReportSchema,
} from '../../../libs/contracts/reports/infrastructure.js';
import { type MergeReport, mergeReportSchema } from '../../../libs/contracts/reports/merge.js';
import { type Judgement, judgementSchema, type Standing } from '../../../libs/contracts/reports/synthesis.js';
import type { RunArtifact } from '../../../libs/contracts/run.js';
import { phaseNumber } from '../../../libs/protocol/phases.js';
import { byMerge, standingOfMerge } from '../../../libs/synthesis/standing-of-merge.js';
import type { ApiClient } from './api-client.js';

/** What the artifacts of a run tell of it; null or empty where the run did not come that far. */
export interface Evidence {
  readonly artifacts: readonly RunArtifact[];
  /** In the order of the phases, and of the rounds within one. */
  readonly records: readonly PhaseRecord[];
  readonly judgement: Judgement | null;
  /** What was staged to be delivered, and how it came to be. */
  readonly delivery: Delivery | null;
  readonly infrastructure: InfrastructureReport | null;
  /** By the item whose workspace was validated, as standings name it; that of Model D by `byMerge.item`. */
  readonly validations: ReadonlyMap<string, ValidationReport>;
}

export interface Delivery {
  readonly staged: StagedPackage;
  readonly merge: MergeReport;
  /** The criteria, evaluated again on what is delivered. */
  readonly judgement: Judgement;
  /** Of what the merge made. */
  readonly validation: ValidationReport;
}

/** How candidates and Model D stand, and the letter of what is delivered, or would be. */
export function standingsOf({ judgement, delivery }: Evidence): {
  standings: readonly Standing[];
  best: string | null;
} {
  if (delivery === null) return { standings: judgement?.standings ?? [], best: judgement?.best ?? null };
  const { standings } = delivery.judgement;
  const merged = standings.some(({ item }) => item === byMerge.item)
    ? undefined
    : standingOfMerge(delivery.merge, delivery.validation);
  return {
    standings: merged === undefined ? standings : [...standings, merged],
    best: delivery.staged.candidate,
  };
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
  const delivery = await readDelivery(api, outputOf('deliver'));
  if (delivery?.merge.result.improved) validations.set(byMerge.item, delivery.validation);
  return {
    artifacts,
    records,
    judgement: await read(api, outputOf('verify'), judgementSchema),
    delivery,
    infrastructure: await ofItem('infrastructure', infrastructureReportSchema),
    validations,
  };
}

async function readDelivery(api: ApiClient, output: string | null): Promise<Delivery | null> {
  const staged = await read(api, output, stagedPackageSchema);
  const merge = await read(api, staged?.merge?.digest ?? null, mergeReportSchema);
  const judgement = await read(api, staged?.judgement.digest ?? null, judgementSchema);
  const validation = await read(api, merge?.result.validation.digest ?? null, validationReportSchema);
  if (staged === null || merge === null || judgement === null || validation === null) return null;
  return { staged, merge, judgement, validation };
}

async function readRecords(
  api: ApiClient,
  artifacts: readonly RunArtifact[],
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
