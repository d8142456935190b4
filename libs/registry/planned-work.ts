import { continuedItems } from '../continuation/continued-work.js';
import type { AgentManifest } from '../contracts/agent.js';
import type { AgentRef, WorkGraph } from '../contracts/graph.js';
import type { AssignedAgents, Assignment, Capacity, Probes } from '../contracts/phase.js';
import type { Resumption } from '../contracts/resumption.js';
import type { Template } from '../contracts/template.js';
import { expandConsumers, expandTemplate } from '../graph/expand.js';
import { compileGraph } from '../graph/parse.js';
import { HeptadError } from '../protocol/errors.js';
import { grantedProfiles } from './granted-profiles.js';
import { reusedResults } from './reused-results.js';

export interface Planning {
  readonly template: Template;
  /** The run's input. */
  readonly input: Readonly<Record<string, unknown>>;
  readonly assigned: AssignedAgents;
  /** Manifests of the assigned agents, by id. */
  readonly manifests: ReadonlyMap<string, AgentManifest>;
  readonly environment: Pick<Assignment, 'test' | 'dependencies'>;
  readonly probes: Probes;
  /** What the run goes on from; null where it starts anew. */
  readonly resumption: Resumption | null;
  /** What the machine has, by which budgets are scaled down. */
  readonly capacity?: Capacity | undefined;
}

/**
 * Takes out the agents whose driver did not start, reserves budgets, and compiles the template to the graph; of a run that
 * continues an earlier one, what that left. Pure.
 *
 * @throws HeptadError `SandboxUnavailable` no sandbox is there; `NoAgent` no agent's driver starts
 */
export function plannedWork({
  template,
  input,
  assigned,
  manifests,
  environment: { test, dependencies },
  probes,
  resumption,
  capacity,
}: Planning): Assignment {
  const items = startable(assigned.items, manifests, probes);
  const agents = Object.fromEntries(items.map(({ item, agents }) => [item, agents]));
  const planned = compileGraph(template, agents, input);
  const graph: WorkGraph =
    resumption?.how === 'continue'
      ? {
          ...planned,
          items: continuedItems(
            template,
            resumption.discoveries,
            planned.items,
            (consumer) => agents[consumer] ?? [],
          ),
        }
      : planned;
  const reused = resumption ? reusedResults(graph, resumption) : [];
  const profiles = grantedProfiles({ template, items, manifests, capacity });
  return {
    kind: 'assignment',
    health: assigned.health,
    items,
    test,
    dependencies,
    probes,
    budgets: budgetsOf(items, manifests, template, profiles),
    ...(profiles ? { profiles, ...(capacity ? { capacity } : {}) } : {}),
    graph,
    ...(reused.length > 0 ? { reused } : {}),
  };
}

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

/**
 * The most that items which run at once may take together: the largest profiles, within their budgets, as many as may
 * run.
 */
function budgetsOf(
  items: AssignedAgents['items'],
  manifests: ReadonlyMap<string, AgentManifest>,
  template: Template,
  granted: Assignment['profiles'],
): Assignment['budgets'] {
  const bodies = new Map(
    (granted ? [...expandTemplate(template), ...expandConsumers(template)] : []).map(({ id, body }) => [
      id,
      body,
    ]),
  );
  const profiles = items.flatMap(({ item, agents }) => {
    const bound = granted?.[bodies.get(item) ?? '']?.memoryBytes ?? Number.POSITIVE_INFINITY;
    const own = agents.flatMap(({ id }) => manifests.get(id)?.profile ?? []);
    const most = (of: (profile: (typeof own)[number]) => number): number => Math.max(0, ...own.map(of));
    return {
      memoryBytes: Math.min(
        bound,
        most((profile) => profile.memoryBytes),
      ),
      processes: most((profile) => profile.processes),
    };
  });
  const largest = (values: readonly number[]): number =>
    values
      .toSorted((a, b) => b - a)
      .slice(0, template.parallel)
      .reduce((sum, value) => sum + value, 0);
  return {
    memoryBytes: largest(profiles.map(({ memoryBytes }) => memoryBytes)),
    processes: largest(profiles.map(({ processes }) => processes)),
  };
}
