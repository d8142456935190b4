import type { ArtifactStore } from '../../artifacts/artifact-store.js';
import type { ArtifactRef } from '../../contracts/artifact.js';
import type { ItemResult } from '../../contracts/graph.js';
import { acceptedRequestSchema, type Execution } from '../../contracts/phase.js';
import { type ReportByName, reportSchemas } from '../../contracts/reports/by-name.js';
import type { ReportName } from '../../contracts/template.js';
import { templateSchema } from '../../contracts/template.js';
import { bodyOf, type Expected, expectedReport } from '../../templates/expected-report.js';
import { readInput } from '../read-input.js';
import type { Forgery, Material, Rejecting } from './forgery.js';

/** Replaces the first result that `find` takes. */
export const changingResult = (
  name: string,
  find: (result: ItemResult) => boolean,
  change: (result: ItemResult, material: Material<Execution>) => Promise<unknown> | unknown,
): Forgery<Execution> => ({
  name,
  by: 'A',
  forge: async (material) => {
    const { outcome: execution, store } = material;
    const result = execution.results.find(find);
    if (!result) return undefined;
    const changed = await change(structuredClone(result), material);
    if (changed === undefined) return undefined;
    const results = execution.results.map((other) => (other === result ? changed : other));
    return { output: await store.putJson({ ...execution, results }) };
  },
});

/** Replaces the outcome of the first result of a kind that `change` has an occasion to change. */
export const changingOutcome = <Name extends ReportName>(
  name: string,
  kind: Name,
  change: (report: ReportByName[Name], material: Material<Execution>) => Promise<unknown> | unknown,
  by: Rejecting = 'A',
): Forgery<Execution> => ({
  name,
  by,
  forge: async (material) => {
    const { outcome: execution, store } = material;
    for (const result of await resultsOf(material, kind)) {
      const report = await store.getJson<ReportByName[Name]>(result.outcome.digest, reportSchemas[kind]);
      const changed = await change(structuredClone(report), material);
      if (changed === undefined) continue;
      return { output: await withOutcome(store, execution, result, await store.putJson(changed)) };
    }
    return undefined;
  },
});

/** The execution with another outcome of one result. */
export async function withOutcome(
  store: ArtifactStore,
  execution: Execution,
  result: ItemResult,
  outcome: ArtifactRef,
): Promise<ArtifactRef> {
  const results = execution.results.map((other) => (other === result ? { ...other, outcome } : other));
  return await store.putJson({ ...execution, results });
}

/** Results of the items whose outcome has one contract. */
async function resultsOf(material: Material<Execution>, kind: ReportName): Promise<ItemResult[]> {
  const contracts = await contractsOf(material);
  return material.outcome.results.filter(({ item }) => contracts.get(item)?.name === kind);
}

/** The contract of each item's outcome. */
export async function contractsOf({
  judged,
  outcome: { graph },
}: Material<Execution>): Promise<ReadonlyMap<string, Expected>> {
  const { request } = await readInput(judged, 'accepted', acceptedRequestSchema);
  const template = await judged.store.getJson(request.template.digest, templateSchema);
  return new Map(graph.items.map(({ id, body }) => [id, expectedReport(template, bodyOf(template, body))]));
}
