import { z } from 'zod';
import type { ArtifactRef } from '../../../libs/contracts/artifact.js';
import type {
  GraphItem,
  ItemResult,
  ItemStatus,
  UnfinishedItem,
  WorkGraph,
} from '../../../libs/contracts/graph.js';
import { assignmentSchema, executionSchema } from '../../../libs/contracts/phase.js';
import type { PhaseName } from '../../../libs/protocol/phases.js';
import { type ItemRecord, itemRecords } from '../../../libs/temporal/item-records.js';
import { type PhaseReading, readPhases } from '../../../libs/temporal/phase-histories.js';
import type { Dependencies } from '../dependencies.js';
import { historyOf, openRun } from './run-reading.js';

/** An item as histories and artifacts tell of it. */
export interface WorkedItem {
  readonly item: GraphItem;
  readonly record: ItemRecord;
  /** Pending, where nothing is told of it. */
  readonly status: ItemStatus;
  readonly code: string | null;
  readonly result: ItemResult | null;
  readonly waived: UnfinishedItem['waived'] | null;
}

/** The work of a run. */
export interface Work {
  /** Null before it is planned, or where its artifact is not in the store any more. */
  readonly graph: WorkGraph | null;
  readonly items: readonly WorkedItem[];
}

const nothing: ItemRecord = { executions: [], result: null, told: null };

/**
 * The items of a run as they were planned, executed and collected. All of it is read from what has been written down: no
 * worker is needed. What was added meanwhile is known once execute has completed.
 *
 * @throws HeptadError `RunUnknown`, `ArchiveDeleted`, `EngineUnreachable`
 */
export async function readWork(dependencies: Dependencies, run: string): Promise<Work> {
  const reading = await openRun(dependencies, run);
  const phases = readPhases(run, await historyOf(reading));
  const [assignment, execution] = await Promise.all([
    outcomeOf(dependencies, phases, 'assign', assignmentSchema),
    outcomeOf(dependencies, phases, 'execute', executionSchema),
  ]);
  const graph = execution?.graph ?? assignment?.graph ?? null;
  const records = itemRecords(await historyOf(reading, 'execute'));
  const results = new Map(execution?.results.map((result) => [result.item, result]));
  const unfinished = new Map(execution?.unfinished.map((one) => [one.item, one]));
  const items = (graph?.items ?? []).map((item): WorkedItem => {
    const record = records.get(item.id) ?? nothing;
    const without = unfinished.get(item.id);
    const result = results.get(item.id) ?? (execution ? null : record.result);
    return {
      item,
      record,
      status: without?.status ?? (results.has(item.id) ? 'completed' : statusOf(record)),
      code: without ? without.code : result ? null : codeOf(record),
      result,
      waived: without?.waived ?? null,
    };
  });
  return { graph, items };
}

function statusOf({ executions, told }: ItemRecord): ItemStatus {
  if (told) return told.status;
  const last = executions.at(-1);
  if (!last) return 'pending';
  return last.ended ?? 'running';
}

const codeOf = ({ executions, told }: ItemRecord): string | null =>
  told ? told.code : (executions.at(-1)?.code ?? null);

async function outcomeOf<T>(
  { store }: Dependencies,
  phases: readonly PhaseReading[],
  phase: PhaseName,
  schema: z.ZodType<T>,
): Promise<T | null> {
  const outcome = phases.find(({ view }) => view.phase === phase)?.outcome;
  return outcome && (await store.has(outcome.digest)) ? await store.getJson(outcome.digest, schema) : null;
}

const measuredSchema = z.looseObject({ usage: z.record(z.string(), z.number().nullable()) });

/** What the sandbox of an execution measured, by name; empty where it measured nothing. */
export async function usageOf(
  { store }: Dependencies,
  measurements: ArtifactRef | null | undefined,
): Promise<Record<string, number>> {
  if (!measurements || !(await store.has(measurements.digest))) return {};
  const { data } = measuredSchema.safeParse(await store.getJson(measurements.digest, z.unknown()));
  return Object.fromEntries(
    Object.entries(data?.usage ?? {}).flatMap(([name, value]) => (value === null ? [] : [[name, value]])),
  );
}
