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
 * run goes on, by the same rules and within the same budgets. Each works on the captured workspace. Before them are the
 * planned items whose outcomes consumers ask for, with all that these come after: they are done anew, since the workspace
 * is another one. None where no consumer takes any of the discoveries. Pure.
 *
 * @param planned the items of the template, as they are compiled
 * @param agents by consumer, those that were assigned to it
 */
export function continuedItems(
  template: Template,
  discoveries: readonly Discovery[],
  planned: readonly GraphItem[],
  agents: (consumer: string) => readonly AgentRef[],
): GraphItem[] {
  const blueprints = expandConsumers(template).map((blueprint) => ({
    ...blueprint,
    agents: agents(blueprint.id),
  }));
  const { items } = admit({
    template,
    planned: new Set(planned.map(({ id }) => id)),
    blueprints: new Map(blueprints.map((blueprint) => [blueprint.id, blueprint])),
    item: producer,
    result: null,
    outcome: { discoveries },
    code: null,
    ledger: { kind: 'ledger', version: 1, previous: null, entries: [], consumed: [], costMs: 0 },
  });
  if (items.length === 0) return [];
  const asked = neededFor(
    planned,
    blueprints.flatMap(({ after }) => after),
  );
  return [
    ...planned.filter(({ id }) => asked.has(id)),
    ...items.map((item) => ({ ...item, after: item.after.filter((id) => id !== continuedId) })),
  ];
}

/** Items and all that they come after, directly or not, with what is done where one of these fails. */
function neededFor(planned: readonly GraphItem[], ids: readonly string[]): ReadonlySet<string> {
  const byId = new Map(planned.map((item) => [item.id, item]));
  const needed = new Set(ids);
  for (const id of needed) {
    const { after = [], rules } = byId.get(id) ?? {};
    const standby = [
      ...(rules?.fallback === undefined ? [] : [rules.fallback]),
      ...(rules?.recovery?.items ?? []),
    ];
    for (const next of [...after, ...standby]) needed.add(next);
  }
  return needed;
}
