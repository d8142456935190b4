import type { AgentManifest } from '../contracts/agent.js';
import type { Layer } from '../contracts/request.js';
import type { AgentHealth } from '../evidence/agent-health.js';
import type { PlannedItem } from '../graph/expand.js';
import { HeptadError, type Problem } from '../protocol/errors.js';
import { concurrentItems } from './concurrent-items.js';

/** An agent is eligible while the tasks that it would have at once are below this part of its capacity. */
export const loadLimit = 0.8;

/** Items of one agent that are looked at for its load: as many as may run at once. */
const mostCounted = 1000;

/** The layers in the order in which their agents are taken: experts first, those that do less after them. */
const preference: readonly Layer[] = ['specialist', 'micro', 'stack-chief', 'executive', 'board', 'cecca'];

export interface Choice {
  readonly item: string;
  readonly capability: string;
  /** Best first; the others are its backups. */
  readonly agents: readonly AgentManifest[];
  readonly why: string;
}

export interface Choosing {
  readonly items: readonly PlannedItem[];
  readonly roster: readonly AgentManifest[];
  /** By agent; who is not in it is healthy. */
  readonly health: ReadonlyMap<string, AgentHealth>;
  /** The layers that the request was routed to; agents of others are not taken. */
  readonly layers: readonly Layer[];
  /** Items that may run at once. */
  readonly parallel: number;
}

/**
 * Chooses the agents of each item, in the items' order. Eligible is an agent of a routed layer that has the
 * capability, is healthy or degraded, and whose load by the items chosen before is below 0.8 of its capacity. Best
 * first: healthy before degraded, experts before those that do less, fewer capabilities before more, lower load, id.
 *
 * @throws HeptadError `NoAgent` with every item that nobody can do, and why
 */
export function chooseAgents({ items, roster, health, layers, parallel }: Choosing): Choice[] {
  const concurrent = concurrentItems(items);
  /** By agent: the items that it was chosen for. */
  const taken = new Map<string, string[]>();
  const choices: Choice[] = [];
  const problems: Problem[] = [];
  for (const { id, capability: asked, agent: named } of items) {
    // An agent that the template names is asked for as itself.
    const capability = asked ?? named;
    if (capability === null || capability === undefined) continue;
    const capable = roster.filter((agent) =>
      named === undefined ? agent.capabilities.includes(capability) : agent.id === named,
    );
    const rated = capable.map((agent) => {
      const own = taken.get(agent.id) ?? [];
      // More than the limit make no difference, so of many only the latest are counted.
      const at = concurrent.countWith(id, own.slice(-mostCounted));
      return {
        agent,
        is: health.get(agent.id) ?? 'healthy',
        load: Math.min(at, parallel - 1) / agent.capacity,
      };
    });
    const eligible = rated
      .filter(({ agent, is, load }) => layers.includes(agent.layer) && is !== 'failing' && load < loadLimit)
      .toSorted(
        (a, b) =>
          Number(a.is === 'degraded') - Number(b.is === 'degraded') ||
          preference.indexOf(a.agent.layer) - preference.indexOf(b.agent.layer) ||
          a.agent.capabilities.length - b.agent.capabilities.length ||
          a.load - b.load ||
          (a.agent.id < b.agent.id ? -1 : 1),
      );
    const [first] = eligible;
    if (!first) {
      problems.push({ path: `/${id}`, reason: whyNobody(capability, rated, layers) });
      continue;
    }
    const own = taken.get(first.agent.id);
    if (own) own.push(id);
    else taken.set(first.agent.id, [id]);
    choices.push({
      item: id,
      capability,
      agents: eligible.map(({ agent }) => agent),
      why: `${first.is}, ${first.agent.layer}, load ${percent(first.load)}; ${eligible.length} of ${capable.length} with ${capability} are eligible`,
    });
  }
  if (problems.length === 0) return choices;
  throw new HeptadError(
    'NoAgent',
    `No eligible agent for: ${problems.map(({ path, reason }) => `${path.slice(1)} (${reason})`).join('; ')}`,
    { problems },
  );
}

function whyNobody(
  capability: string,
  rated: readonly { agent: AgentManifest; is: AgentHealth; load: number }[],
  layers: readonly Layer[],
): string {
  if (rated.length === 0) return `nobody has the capability ${capability}`;
  const reasons = rated.map(({ agent, is, load }) => {
    if (!layers.includes(agent.layer))
      return `${agent.id} is in the layer ${agent.layer}, to which it was not routed`;
    if (is === 'failing') return `${agent.id} fails too often`;
    return `${agent.id} would be at ${percent(load)} of its capacity`;
  });
  return `${capability}: ${reasons.join(', ')}`;
}

const percent = (part: number): string => `${Math.round(part * 100)} %`;
