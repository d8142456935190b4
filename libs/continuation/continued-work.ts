import type { Discovery } from '../contracts/discovery.js';
import type { AgentRef, GraphItem } from '../contracts/graph.js';
import type { Template } from '../contracts/template.js';
import { admit } from '../discovery/admit.js';
import { standIn } from '../discovery/stand-in.js';
import { expandConsumers } from '../graph/expand.js';

/** Who is said to have found what an earlier run left; no item of the graph. */
export const continuedId = 'continued';

const producer = standIn({
  id: continuedId,
  title: 'What an earlier run left',
  category: continuedId,
});

/**
 * The items that do what an earlier run found and left: for each discovery as the template's consumers make them while a
 * run goes on, by the same rules and within the same budgets. Each works on the captured workspace. Pure.
 *
 * @param agents by consumer, those that were assigned to it
 */
export function continuedItems(
  template: Template,
  discoveries: readonly Discovery[],
  agents: (consumer: string) => readonly AgentRef[],
): GraphItem[] {
  const { items } = admit({
    template,
    planned: new Set(),
    blueprints: new Map(
      expandConsumers(template).map((blueprint) => [
        blueprint.id,
        { ...blueprint, agents: agents(blueprint.id) },
      ]),
    ),
    item: producer,
    result: null,
    outcome: { discoveries },
    code: null,
    ledger: { kind: 'ledger', version: 1, previous: null, entries: [], consumed: [], costMs: 0 },
  });
  return items.map((item) => ({ ...item, after: item.after.filter((id) => id !== continuedId) }));
}
