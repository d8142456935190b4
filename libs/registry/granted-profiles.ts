import type { AgentManifest, Grant } from '../contracts/agent.js';
import type { AssignedAgents, Capacity, GrantedProfile } from '../contracts/phase.js';
import { millisecondsOf, type Template } from '../contracts/template.js';
import { expandConsumers, expandTemplate, type PlannedItem } from '../graph/expand.js';
import { budgetOf } from '../templates/budget-of.js';
import { mostAtOnce } from './most-at-once.js';

const mebibyte = 1024 * 1024;

export interface Granting {
  readonly template: Template;
  /** Agents by item, as they were assigned. */
  readonly items: AssignedAgents['items'];
  /** Manifests of the assigned agents, by id. */
  readonly manifests: ReadonlyMap<string, AgentManifest>;
  /** What the machine has; undefined: its memory bounds nothing. */
  readonly capacity: Capacity | undefined;
}

/**
 * What the items made from each item and consumer of a template may use: its budget, in memory never more than the
 * largest profile of its agents. Where those that may run at once would take more than all processors, or more memory
 * than there is, the shares of all of them are scaled down by the same part. Pure.
 *
 * @returns by the id of the item or consumer in the template; undefined where none has a budget
 */
export function grantedProfiles(granting: Granting): Record<string, GrantedProfile> | undefined {
  const { template, capacity } = granting;
  const planned = expandTemplate(template);
  const all = [...planned, ...expandConsumers(template)];
  const wanted = wantedBy(all, granting);
  if (wanted.size === 0) return undefined;
  const together = (of: 'cpuPercent' | 'memoryBytes'): ReadonlyMap<string, number> => {
    const amounts = new Map<string, number>();
    for (const { id, body } of all) {
      const amount = wanted.get(body)?.[of];
      if (amount !== undefined) amounts.set(id, amount);
    }
    const sums = mostAtOnce({ items: planned, amounts, parallel: template.parallel });
    return largestByBody(all, ({ id }) => sums.get(id) ?? 0);
  };
  const [cpu, memory] = [together('cpuPercent'), together('memoryBytes')];
  const mostMemory = capacity?.memoryBytes ?? Number.POSITIVE_INFINITY;
  return Object.fromEntries(
    [...wanted].map(([body, grant]) => [
      body,
      scaledDown(grant, {
        cpu: Math.min(1, 100 / (cpu.get(body) ?? 0)),
        memory: Math.min(1, mostMemory / (memory.get(body) ?? 0)),
      }),
    ]),
  );
}

/** The budgets, by body, with the memory that the agents have. */
function wantedBy(all: readonly PlannedItem[], { template, items, manifests }: Granting): Map<string, Grant> {
  const agents = new Map(items.map((item) => [item.item, item.agents]));
  const memory = largestByBody(all, ({ id }) =>
    Math.max(0, ...(agents.get(id) ?? []).map((agent) => manifests.get(agent.id)?.profile.memoryBytes ?? 0)),
  );
  const wanted = new Map<string, Grant>();
  for (const body of [...template.items, ...template.consumers]) {
    const budget = budgetOf(template, body);
    if (!budget) continue;
    const { cpu_percent, memory_mb, time } = budget;
    wanted.set(body.id, {
      ...(cpu_percent === undefined ? {} : { cpuPercent: cpu_percent }),
      ...(memory_mb === undefined
        ? {}
        : { memoryBytes: Math.min(memory_mb * mebibyte, memory.get(body.id) ?? 0) }),
      ...(time === undefined ? {} : { wallMs: millisecondsOf(time) ?? 1 }),
    });
  }
  return wanted;
}

function largestByBody(
  all: readonly PlannedItem[],
  amountOf: (item: PlannedItem) => number,
): ReadonlyMap<string, number> {
  const largest = new Map<string, number>();
  for (const item of all) largest.set(item.body, Math.max(largest.get(item.body) ?? 0, amountOf(item)));
  return largest;
}

function scaledDown(
  { cpuPercent, memoryBytes, wallMs }: Grant,
  part: { readonly cpu: number; readonly memory: number },
): GrantedProfile {
  return {
    ...(cpuPercent === undefined ? {} : { cpuPercent: roundedDown(cpuPercent * part.cpu, 1000) }),
    ...(memoryBytes === undefined ? {} : { memoryBytes: roundedDown(memoryBytes * part.memory, 1) }),
    ...(wallMs === undefined ? {} : { wallMs }),
    scaled:
      part.cpu === 1 && part.memory === 1
        ? null
        : { cpu: roundedDown(part.cpu, 10_000), memory: roundedDown(part.memory, 10_000) },
  };
}

/** To a part of one, so that sums stay below their bound; never to nothing. */
const roundedDown = (value: number, parts: number): number =>
  // what is whole but for the last digits of a calculation is whole
  Math.max(1, Math.floor(value * parts + 1e-6)) / parts;
