import { inParallel } from '../../../libs/artifacts/snapshot/in-parallel.js';
import type { Message } from '../../../libs/contracts/message.js';
import { indexOf } from '../../../libs/graph/graph-index.js';
import { isSettled } from '../../../libs/graph/graph-state.js';
import { messageOf } from '../../../libs/messages/message-of.js';
import type { Dependencies } from '../dependencies.js';
import { readWork, usageOf, type WorkedItem } from './read-work.js';

/** Measurements that are read at once. */
const atOnce = 8;

/**
 * What the items of a run said when they ended, in that order; each item once. An item that only became unneeded at the
 * end of the work has the time of that end.
 *
 * @throws HeptadError `RunUnknown`, `ArchiveDeleted`, `EngineUnreachable`
 */
export async function listMessages(dependencies: Dependencies, run: string): Promise<Message[]> {
  const { items, graph } = await readWork(dependencies, run);
  if (!graph) return [];
  const { dependants } = indexOf(graph);
  const messages: Message[] = [];
  await inParallel(items.filter(isSettled), atOnce, async (worked) => {
    const endedAt = endOf(worked);
    if (endedAt === null) return;
    const { item, status, code, waived, result, record } = worked;
    const attempts = record.executions.reduce((sum, one) => sum + Math.max(1, one.attempts), 0);
    messages.push(
      messageOf({
        item,
        status,
        code,
        waived: waived ?? null,
        result,
        startedAt: record.executions[0]?.startedAt ?? null,
        endedAt,
        retries: Math.max(0, attempts - 1),
        usage: await usageOf(dependencies, result?.measurements),
        next: dependants.get(item.id) ?? [],
      }),
    );
  });
  const places = new Map(items.map(({ item }, place) => [item.id, place]));
  const placeOf = ({ body }: Message): number => places.get(String(body.content.item)) ?? 0;
  return messages.sort(
    (a, b) => Date.parse(a.header.timestamp) - Date.parse(b.header.timestamp) || placeOf(a) - placeOf(b),
  );
}

const endOf = ({ record: { executions, told } }: WorkedItem): string | null =>
  told?.at ?? executions.at(-1)?.endedAt ?? null;
