import type { ArtifactStore } from '../artifacts/artifact-store.js';
import type { GraphItem, ItemResult } from '../contracts/graph.js';
import { reportSchemas } from '../contracts/reports/by-name.js';
import type { Template } from '../contracts/template.js';
import { HeptadError } from '../protocol/errors.js';
import { type Collected, noAgent, type Report } from './report.js';

/**
 * Reads the outcomes of results, each by the contract that its item in the template names.
 *
 * @throws HeptadError `InputInvalid` a result is of no item, or its outcome does not keep to its contract
 * @throws HeptadError `ArtifactUnknown`, `ArtifactCorrupt`
 */
export async function readResults(
  store: ArtifactStore,
  results: readonly ItemResult[],
  items: readonly GraphItem[],
  template: Template,
): Promise<Collected[]> {
  const byId = new Map(items.map((item) => [item.id, item]));
  const bodies = new Map(template.items.map((body) => [body.id, body]));
  return await Promise.all(
    results.map(async ({ item: id, agent, outcome, workspace }) => {
      const item = byId.get(id);
      const body = item && bodies.get(item.body);
      if (!item || !body)
        throw new HeptadError('InputInvalid', `There is a result of ${id}, which is not an item.`);
      const report: Report = await store.getJson<Report>(outcome.digest, reportSchemas[body.expects]);
      return {
        item: id,
        agent: agent?.id ?? noAgent,
        outcome: outcome.digest,
        report,
        workspace: workspace?.digest ?? null,
        candidate: item.candidate,
        workedOn: item.workspace,
      };
    }),
  );
}
