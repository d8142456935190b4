import type { RegistryActivities } from '../../libs/contracts/activities.js';
import { type AgentManifest, agentManifestSchema } from '../../libs/contracts/agent.js';
import type { AgentRef } from '../../libs/contracts/graph.js';
import {
  type AssignedAgents,
  type Assignment,
  acceptedRequestSchema,
  assignedAgentsSchema,
  type Probes,
  probesSchema,
} from '../../libs/contracts/phase.js';
import { templateSchema } from '../../libs/contracts/template.js';
import { compileGraph } from '../../libs/graph/parse.js';
import { HeptadError } from '../../libs/protocol/errors.js';
import type { RegistryDependencies } from './dependencies.js';
import { environmentSchema } from './environment.js';

/**
 * Takes out the agents whose driver did not start, reserves budgets, and compiles the template to the graph.
 *
 * @throws HeptadError `SandboxUnavailable` no sandbox is there; `NoAgent` no agent's driver starts (not retried)
 */
export const planWork =
  ({ store }: Pick<RegistryDependencies, 'store'>): RegistryActivities['planWork'] =>
  async ({ accepted, assigned, dependencies: environment, probes: probesRef }) => {
    const [{ request }, { items: chosen }, { test, dependencies }, probes] = await Promise.all([
      store.getJson(accepted.digest, acceptedRequestSchema),
      store.getJson(assigned.digest, assignedAgentsSchema),
      store.getJson(environment.digest, environmentSchema),
      store.getJson(probesRef.digest, probesSchema),
    ]);
    const template = await store.getJson(request.template.digest, templateSchema);
    const manifests = new Map<string, AgentManifest>();
    for (const { id, manifest } of chosen.flatMap(({ agents }) => agents))
      if (!manifests.has(id)) manifests.set(id, await store.getJson(manifest, agentManifestSchema));

    const items = startable(chosen, manifests, probes);
    const graph = compileGraph(template, Object.fromEntries(items.map(({ item, agents }) => [item, agents])));
    const assignment: Assignment = {
      kind: 'assignment',
      items,
      test,
      dependencies,
      probes,
      budgets: budgetsOf(items, manifests, template.parallel),
      graph,
    };
    const agents = new Set(items.flatMap(({ agents: [first] }) => first?.id ?? []));
    const backups = items.reduce((sum, { agents }) => sum + agents.length - 1, 0);
    return {
      outcome: await store.putJson(assignment),
      summary: `${items.length} items for ${agents.size} agents with ${backups} backups; ${dependencies.packages.length} packages; ${template.parallel} at once`,
      facts: { graph },
    };
  };

function startable(
  chosen: AssignedAgents['items'],
  manifests: ReadonlyMap<string, AgentManifest>,
  probes: Probes,
): AssignedAgents['items'] {
  const starts = ({ id }: AgentRef): boolean => {
    const kind = manifests.get(id)?.driver.kind;
    return probes.some(({ driver, ok }) => driver === kind && ok);
  };
  const items = chosen.map((item) => ({ ...item, agents: item.agents.filter(starts) }));
  const lacking = items.filter(({ agents }) => agents.length === 0);
  if (lacking.length === 0) return items;
  const failed = probes.filter(({ ok }) => !ok);
  const code = failed.some(({ sandbox }) => sandbox === null) ? 'SandboxUnavailable' : 'NoAgent';
  const reasons =
    failed.map(({ driver, says }) => `${driver}: ${says}`).join('; ') || 'their driver was not probed';
  throw new HeptadError(
    code,
    `No agent can be started for ${lacking.map(({ item }) => item).join(', ')}. ${reasons}`,
    {
      problems: lacking.map(({ item, capability }) => ({
        path: `/${item}`,
        reason: `No driver of the agents for ${capability} starts.`,
      })),
    },
  );
}

/** The most that items which run at once may take together: the largest profiles, as many as may run. */
function budgetsOf(
  items: AssignedAgents['items'],
  manifests: ReadonlyMap<string, AgentManifest>,
  parallel: number,
): Assignment['budgets'] {
  const profiles = items.flatMap(({ agents }) => {
    const own = agents.flatMap(({ id }) => manifests.get(id)?.profile ?? []);
    const most = (of: (profile: (typeof own)[number]) => number): number => Math.max(0, ...own.map(of));
    return {
      memoryBytes: most((profile) => profile.memoryBytes),
      processes: most((profile) => profile.processes),
    };
  });
  const largest = (values: readonly number[]): number =>
    values
      .toSorted((a, b) => b - a)
      .slice(0, parallel)
      .reduce((sum, value) => sum + value, 0);
  return {
    memoryBytes: largest(profiles.map(({ memoryBytes }) => memoryBytes)),
    processes: largest(profiles.map(({ processes }) => processes)),
  };
}
