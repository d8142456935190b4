import type { AgentRef, WorkGraph } from '../contracts/graph.js';
import type { Template } from '../contracts/template.js';
import { HeptadError, type Problem } from '../protocol/errors.js';
import { expandTemplate } from './expand.js';

/** The agents of each expanded item, best first, by the item's id. */
export type Agents = Readonly<Record<string, readonly AgentRef[]>>;

/**
 * Compiles a template to the compact graph that the workflow interprets.
 *
 * @throws HeptadError `InputInvalid` with every problem of the template
 * @throws HeptadError `NoAgent` with every item that has no agent
 */
export function compileGraph(template: Template, agents: Agents): WorkGraph {
  const planned = expandTemplate(template);
  const lacking: Problem[] = planned
    .filter(({ id, capability }) => capability !== null && (agents[id] ?? []).length === 0)
    .map(({ id, capability }) => ({
      path: `/${id}`,
      reason: `No agent was chosen for it; it asks for ${capability}.`,
    }));
  if (lacking.length > 0)
    throw new HeptadError(
      'NoAgent',
      `These items have no agent: ${lacking.map(({ path }) => path.slice(1)).join(', ')}.`,
      {
        problems: lacking,
      },
    );
  return {
    items: planned.map(({ capability, ...item }) => ({
      ...item,
      agents: capability === null ? [] : [...(agents[item.id] ?? [])],
    })),
    parallel: template.parallel,
    repairs: template.repairs,
  };
}
