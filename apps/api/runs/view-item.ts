import type { ItemHistory } from '../../../libs/contracts/item-history.js';
import { readAttempts } from '../../../libs/evidence/attempt-entries.js';
import { HeptadError } from '../../../libs/protocol/errors.js';
import { workflowId } from '../../../libs/protocol/names.js';
import { executionsOfItems } from '../../../libs/temporal/executions-of-items.js';
import type { Dependencies } from '../dependencies.js';
import { discoveryViewer, type VisibilityQuery } from './discovery-viewer.js';
import { readLedger, visibleEntries } from './list-discoveries.js';
import { historyOf, openRun } from './run-reading.js';
import { viewRun } from './view-run.js';

/**
 * An item of a run with all that it came from and led to: from the history of execute, the attempt log and the ledger.
 *
 * @throws HeptadError `RunUnknown`, `EngineUnreachable`
 * @throws HeptadError `ItemUnknown` it is not known, or has not begun and no worker says that there is one
 */
export async function viewItem(
  dependencies: Dependencies,
  run: string,
  item: string,
  query: VisibilityQuery,
): Promise<ItemHistory> {
  const reading = await openRun(dependencies, run);
  const [{ items, itemsUnavailable }, history, { ledger }] = await Promise.all([
    viewRun(dependencies, run),
    historyOf(reading, 'execute'),
    readLedger(dependencies, reading),
  ]);
  const all = executionsOfItems(history);
  const view = items?.find(({ id }) => id === item) ?? null;
  const own = all.filter((execution) => execution.item === item);
  if (!view && own.length === 0)
    throw new HeptadError(
      'ItemUnknown',
      `The run ${run} has no item ${item}. ${itemsUnavailable ?? ''}`.trim(),
    );
  const entries = visibleEntries(ledger?.entries ?? [], discoveryViewer(dependencies, reading, query));
  const id = workflowId.phase(run, 'execute');
  return {
    id: item,
    item: view,
    executions: await Promise.all(
      own.map(async ({ item: _, ...execution }) => ({
        ...execution,
        attempts: (await readAttempts(dependencies.store, run, id, execution.activity)).map(
          ({ attempt, startedAt, endedAt, outcome, code }) => ({
            attempt,
            startedAt,
            endedAt,
            outcome,
            code,
          }),
        ),
      })),
    ),
    madeFor: entries.find(({ items: made }) => made.includes(item)) ?? null,
    found: entries.filter(({ by }) => by === item),
    consumedBy: (ledger?.consumed ?? []).flatMap(({ result, consumer, items: made }) =>
      result.split(', ').includes(item) ? [{ consumer, items: made }] : [],
    ),
    usedBy: [
      ...new Set(
        all.flatMap(({ item: by, inputs }) => (inputs.some((one) => one.item === item) ? [by] : [])),
      ),
    ],
  };
}
