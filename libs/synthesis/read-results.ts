import type { ArtifactStore } from '../artifacts/artifact-store.js';
import type { GraphItem, ItemResult } from '../contracts/graph.js';
import { reportSchemas } from '../contracts/reports/by-name.js';
import type { Template } from '../contracts/template.js';
import { HeptadError } from '../protocol/errors.js';
import { bodyOf, expectedReport } from '../templates/expected-report.js';
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
  return await Promise.all(
    results.map(async ({ item: id, agent, outcome, workspace, standIn }) => {
      const item = byId.get(id);
      if (!item) throw new HeptadError('InputInvalid', `There is a result of ${id}, which is not an item.`);
      // What stood in for it may be of another contract.
      const made = (standIn === undefined ? undefined : byId.get(standIn)) ?? item;
      const { name } = expectedReport(template, bodyOf(template, made.body));
      const report: Report = await store.getJson<Report>(outcome.digest, reportSchemas[name]);
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
