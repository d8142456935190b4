import type { RegistryActivities } from '../../libs/contracts/activities.js';
import type { AgentManifest } from '../../libs/contracts/agent.js';
import type { AgentRef } from '../../libs/contracts/graph.js';
import { type AssignedAgents, acceptedRequestSchema } from '../../libs/contracts/phase.js';
import { templateSchema } from '../../libs/contracts/template.js';
import { type AgentHealth, healthOf, readHealth } from '../../libs/evidence/agent-health.js';
import { expandTemplate } from '../../libs/graph/expand.js';
import { chooseAgents } from '../../libs/registry/choose-agents.js';
import type { RegistryDependencies } from './dependencies.js';

/**
 * Matches the capability of each item to eligible agents, with backups, and stores the manifests of those chosen.
 *
 * @throws HeptadError `NoAgent` (not retried)
 */
export const assignAgents =
  ({ store, roster }: Pick<RegistryDependencies, 'store' | 'roster'>): RegistryActivities['assignAgents'] =>
  async ({ accepted }) => {
    const { request, classification } = await store.getJson(accepted.digest, acceptedRequestSchema);
    const template = await store.getJson(request.template.digest, templateSchema);
    const health = new Map<string, AgentHealth>();
    for (const { id } of roster) health.set(id, healthOf(await readHealth(store, id)));
    const choices = chooseAgents({
      items: expandTemplate(template),
      roster,
      health,
      layers: classification.layers,
      parallel: template.parallel,
    });
    const refs = new Map<string, AgentRef>();
    const refOf = async (agent: AgentManifest): Promise<AgentRef> => {
      const known = refs.get(agent.id);
      if (known) return known;
      const ref = { id: agent.id, manifest: (await store.putJson(agent)).digest };
      refs.set(agent.id, ref);
      return ref;
    };
    const items: AssignedAgents['items'] = [];
    for (const { item, capability, agents, why } of choices) {
      const chosen: AgentRef[] = [];
      for (const agent of agents) chosen.push(await refOf(agent));
      items.push({ item, capability, agents: chosen, why });
    }
    return { assigned: await store.putJson({ items } satisfies AssignedAgents) };
  };
