import type { RegistryActivities } from '../../libs/contracts/activities.js';
import { type AssignedAgents, acceptedRequestSchema } from '../../libs/contracts/phase.js';
import { templateSchema } from '../../libs/contracts/template.js';
import { healthOf, readHealth } from '../../libs/evidence/agent-health.js';
import { assignedAgents } from '../../libs/registry/assigned-agents.js';
import type { RegistryDependencies } from './dependencies.js';

/**
 * Matches the capability of each item to eligible agents, with backups, and stores the manifests of those chosen.
 * The health that decided is written down: what an agent did lately is another one an hour later.
 *
 * @throws HeptadError `NoAgent` (not retried)
 */
export const assignAgents =
  ({ store, roster }: Pick<RegistryDependencies, 'store' | 'roster'>): RegistryActivities['assignAgents'] =>
  async ({ accepted }) => {
    const { request, classification } = await store.getJson(accepted.digest, acceptedRequestSchema);
    const template = await store.getJson(request.template.digest, templateSchema);
    const health: AssignedAgents['health'] = {};
    for (const { id } of roster) health[id] = healthOf(await readHealth(store, id));
    const { assigned, manifests } = assignedAgents({
      template,
      layers: classification.layers,
      roster,
      health,
    });
    for (const manifest of manifests.values()) await store.putJson(manifest);
    return { assigned: await store.putJson(assigned), needs: { tests: template.tests } };
  };
