import type { GraphItem, ItemResult, ItemStatus } from '../contracts/graph.js';
import type { Message } from '../contracts/message.js';
import { isNotNeeded } from '../graph/not-needed.js';
import { noAgent } from '../synthesis/report.js';

/** An item that has ended: what a message about it is made from. */
export interface EndedItem {
  readonly item: GraphItem;
  readonly status: ItemStatus;
  readonly code: string | null;
  /** Who decided to do without it, and why, where a person did. */
  readonly waived: { readonly by: string; readonly reason: string } | null;
  readonly result: ItemResult | null;
  /** ISO 8601; null where it never started. */
  readonly startedAt: string | null;
  readonly endedAt: string;
  readonly retries: number;
  /** What the sandbox measured, by name. */
  readonly usage: Readonly<Record<string, number>>;
  /** The items that come after it. */
  readonly next: readonly string[];
}

/** The message of an item that has ended. Pure. */
export function messageOf(ended: EndedItem): Message {
  const { item, startedAt, endedAt, retries, usage } = ended;
  return {
    header: {
      phase: item.category,
      agent_id: ended.result?.agent?.id ?? item.agents[0]?.id ?? noAgent,
      timestamp: endedAt,
      priority: priorityOf(item),
    },
    body: {
      message_type: typeOf(ended),
      content: contentOf(ended),
      dependencies: [...item.after],
      next_action: nextOf(ended),
    },
    metadata: {
      execution_time: startedAt === null ? null : secondsBetween(startedAt, endedAt),
      resource_usage: { ...usage },
      retry_count: retries,
    },
  };
}

const secondsBetween = (from: string, to: string): number =>
  Math.max(0, Date.parse(to) - Date.parse(from)) / 1000;

function priorityOf({ rules }: GraphItem): Message['header']['priority'] {
  const priority = rules?.priority ?? 'normal';
  return priority === 'urgent' ? 'high' : priority;
}

function typeOf({ status, code, result, waived }: EndedItem): Message['body']['message_type'] {
  if (status === 'completed') return result?.accepted === false ? 'warning' : 'result';
  if (waived) return 'warning';
  return status === 'cancelled' || isNotNeeded({ status: 'skipped', code: code ?? '' }) ? 'info' : 'error';
}

const contentOf = ({ item, status, code, waived, result }: EndedItem): Message['body']['content'] => ({
  item: item.id,
  title: item.title,
  status,
  ...(code === null ? {} : { code }),
  ...(waived ? { waived } : {}),
  ...(result
    ? {
        summary: result.summary,
        accepted: result.accepted,
        outcome: result.outcome.digest,
        ...(result.workspace ? { workspace: result.workspace.digest } : {}),
        ...(result.facts ? { facts: result.facts } : {}),
      }
    : {}),
});

function nextOf(ended: EndedItem): string {
  const { item, result, next } = ended;
  const after = next.join(', ');
  if (after === '') return 'Nothing waits for it.';
  switch (typeOf(ended)) {
    case 'result':
      return `Go on with ${after}.`;
    case 'info':
      return `Go on without it: ${after}.`;
    case 'warning':
      if (result?.accepted === false && item.kind !== 'agent') return `Stop before ${after}.`;
      return `Go on with care: ${after}.`;
    case 'error':
      return `Decide whether ${after} can do without it.`;
  }
}
