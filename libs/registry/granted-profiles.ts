import type { AgentManifest } from '../contracts/agent.js';
import type { AssignedAgents, Capacity, GrantedProfile } from '../contracts/phase.js';
import { millisecondsOf, type Template } from '../contracts/template.js';
import { expandConsumers, expandTemplate } from '../graph/expand.js';
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
 * largest profile of its agents. Where those that may run at once would take more than all processors or more memory
 * than there is, the shares of all of them are scaled down by the same part. Pure.
 *
 * @returns by the id of the item or consumer in the template; undefined where none has a budget
 */
export function grantedProfiles({
  template,
  items,
  manifests,
  capacity,
}: Granting): Record<string, GrantedProfile> | undefined {
  const planned = expandTemplate(template);
  const consumers = expandConsumers(template);
  const bodies = new Map([...template.items, ...template.consumers].map((body) => [body.id, body]));
  const agents = new Map(items.map((item) => [item.item, item.agents]));

  const wanted = new Map<string, { cpuPercent?: number; memoryBytes?: number; wallMs?: number }>();
  for (const { id, body } of [...planned, ...consumers]) {
    const asked = bodies.get(body);
    const budget = asked && budgetOf(template, asked);
    if (!budget) continue;
    const profiles = (agents.get(id) ?? []).flatMap((agent) => manifests.get(agent.id)?.profile ?? []);
    const memory = Math.max(0, ...profiles.map(({ memoryBytes }) => memoryBytes));
    const before = wanted.get(body)?.memoryBytes ?? 0;
    const { cpu_percent, memory_mb, time } = budget;
    wanted.set(body, {
      ...(cpu_percent === undefined ? {} : { cpuPercent: cpu_percent }),
      ...(memory_mb === undefined
        ? {}
        : { memoryBytes: Math.max(before, Math.min(memory_mb * mebibyte, memory)) }),
      ...(time === undefined ? {} : { wallMs: millisecondsOf(time) ?? 1 }),
    });
  }
  if (wanted.size === 0) return undefined;

  /** The part that is left of an amount of each body, where those at once may take no more than `most`. */
  const partsLeft = (of: 'cpuPercent' | 'memoryBytes', most: number): ReadonlyMap<string, number> => {
    const amounts = new Map<string, number>();
    for (const { id, body } of [...planned, ...consumers]) {
      const amount = wanted.get(body)?.[of];
      if (amount !== undefined) amounts.set(id, amount);
    }
    const parts = new Map<string, number>();
    const sums = mostAtOnce({ items: planned, amounts, parallel: template.parallel });
    for (const { id, body } of [...planned, ...consumers]) {
      const sum = sums.get(id) ?? 0;
      const part = sum > most ? roundedDown(most / sum, 10_000) : 1;
      parts.set(body, Math.min(parts.get(body) ?? 1, part));
    }
    return parts;
  };
  const cpu = partsLeft('cpuPercent', 100);
  const memory = partsLeft('memoryBytes', capacity?.memoryBytes ?? Number.POSITIVE_INFINITY);

  return Object.fromEntries(
    [...wanted].map(([body, { cpuPercent, memoryBytes, wallMs }]) => {
      const scaled = { cpu: cpu.get(body) ?? 1, memory: memory.get(body) ?? 1 };
      return [
        body,
        {
          ...(cpuPercent === undefined ? {} : { cpuPercent: roundedDown(cpuPercent * scaled.cpu, 1000) }),
          ...(memoryBytes === undefined
            ? {}
            : { memoryBytes: Math.max(1, Math.floor(memoryBytes * scaled.memory)) }),
          ...(wallMs === undefined ? {} : { wallMs }),
          scaled: scaled.cpu === 1 && scaled.memory === 1 ? null : scaled,
        },
      ];
    }),
  );
}

/** To a part of one, so that sums stay below their bound; never to nothing. */
const roundedDown = (value: number, parts: number): number => Math.max(1, Math.floor(value * parts)) / parts;
