import { z } from 'zod';
import { inParallel } from '../../../libs/artifacts/snapshot/in-parallel.js';
import { agentManifestSchema } from '../../../libs/contracts/agent.js';
import type { Kpis } from '../../../libs/contracts/kpis.js';
import { documentationReportSchema } from '../../../libs/contracts/reports/assurance.js';
import { validationReportSchema } from '../../../libs/contracts/reports/candidate.js';
import { kpisOf } from '../../../libs/kpis/kpis-of.js';
import type { Dependencies } from '../dependencies.js';
import { readWork, usageOf, type WorkedItem } from './read-work.js';

/** Artifacts that are read at once. */
const atOnce = 8;

/**
 * The figures of a run, from its histories, measurements and outcomes.
 *
 * @throws HeptadError `RunUnknown`, `ArchiveDeleted`, `EngineUnreachable`
 */
export async function runKpis(dependencies: Dependencies, run: string): Promise<Kpis> {
  const { items } = await readWork(dependencies, run);
  return kpisOf({
    run,
    items: items.map(({ item }) => item),
    executions: new Map(items.map(({ item, record }) => [item.id, record.executions])),
    memoryShares: await memoryShares(dependencies, items),
    quality: await qualityOf(dependencies, items),
  });
}

/** Largest memory of each result's execution against what its agent's sandbox allows. */
async function memoryShares(dependencies: Dependencies, items: readonly WorkedItem[]): Promise<number[]> {
  const { store } = dependencies;
  const shares = new Map<string, number>();
  await inParallel(items, atOnce, async ({ item, result }) => {
    const { peakMemoryBytes } = await usageOf(dependencies, result?.measurements);
    const manifest = result?.agent?.manifest;
    if (peakMemoryBytes === undefined || !manifest || !(await store.has(manifest))) return;
    const { profile } = await store.getJson(manifest, agentManifestSchema);
    shares.set(item.id, peakMemoryBytes / profile.memoryBytes);
  });
  return items.flatMap(({ item }) => shares.get(item.id) ?? []);
}

/** Of several outcomes of a kind, the last in the order of the graph counts: it is of what the work ended with. */
async function qualityOf(
  { store }: Dependencies,
  items: readonly WorkedItem[],
): Promise<Kpis['quality_metrics']> {
  const outcomes = new Map<string, unknown>();
  await inParallel(items, atOnce, async ({ item, result }) => {
    if (item.kind === 'agent' && result && (await store.has(result.outcome.digest)))
      outcomes.set(item.id, await store.getJson(result.outcome.digest, z.unknown()));
  });
  const last = <T>(schema: z.ZodType<T>): T | undefined =>
    items.flatMap(({ item }) => schema.safeParse(outcomes.get(item.id)).data ?? []).at(-1);
  const validation = last(validationReportSchema);
  const documentation = last(documentationReportSchema);
  const ran = validation ? validation.tests.passed + validation.tests.failed : 0;
  return {
    test_coverage: validation?.coverage.lines ?? null,
    documentation_completeness:
      documentation && documentation.exported > 0 ? documentation.documented / documentation.exported : null,
    error_rate: validation && ran > 0 ? validation.tests.failed / ran : null,
  };
}
