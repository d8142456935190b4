import { digestOfJson } from '../artifacts/digest-of-json.js';
import type { AgentManifest } from '../contracts/agent.js';
import type { AssignedAgents } from '../contracts/phase.js';
import type { Layer } from '../contracts/request.js';
import type { Template } from '../contracts/template.js';
import { expandConsumers, expandTemplate } from '../graph/expand.js';
import type { Digest } from '../protocol/digest.js';
import { chooseAgents } from './choose-agents.js';

export interface Assigning {
  readonly template: Template;
  /** The layers that the request was routed to. */
  readonly layers: readonly Layer[];
  /** The agents that may be chosen. */
  readonly roster: readonly AgentManifest[];
  /** By agent; who is not in it is healthy. */
  readonly health: AssignedAgents['health'];
}

/**
 * Matches the capability of each item to eligible agents, with backups. Pure.
 *
 * @returns the manifests of those chosen, too, by the digest that names them
 * @throws HeptadError `NoAgent`
 */
export function assignedAgents({ template, layers, roster, health }: Assigning): {
  readonly assigned: AssignedAgents;
  readonly manifests: ReadonlyMap<Digest, AgentManifest>;
} {
  const choices = chooseAgents({
    items: [...expandTemplate(template), ...expandConsumers(template)],
    roster,
    health: new Map(Object.entries(health)),
    layers,
    parallel: template.parallel,
  });
  const manifests = new Map<Digest, AgentManifest>();
  const items = choices.map(({ item, capability, agents, why }) => ({
    item,
    capability,
    agents: agents.map((agent) => {
      const manifest = digestOfJson(agent);
      manifests.set(manifest, agent);
      return { id: agent.id, manifest };
    }),
    why,
  }));
  return { assigned: { health: { ...health }, items }, manifests };
}
