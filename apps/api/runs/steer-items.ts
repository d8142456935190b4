import type { AdvanceItems, DecideItem } from '../../../libs/contracts/steering.js';
import { HeptadError } from '../../../libs/protocol/errors.js';
import { runClosed } from '../../../libs/temporal/steer-run.js';
import { advanceItems, decideItem } from '../../../libs/temporal/update-items.js';
import type { Dependencies } from '../dependencies.js';
import { openRun } from './run-reading.js';

/**
 * Takes what a person decides of an item.
 *
 * @throws HeptadError `RunUnknown`, `RunClosed`, `ItemUnknown`, `NothingToDecide`, `EngineUnreachable`
 */
export async function decide(dependencies: Dependencies, run: string, decided: DecideItem): Promise<void> {
  await whileOpen(dependencies, run, () => decideItem(dependencies.engine, run, decided));
  const { item, decision, by } = decided;
  dependencies.logger.info({ run, item, decision, by }, 'Item decided.');
}

/**
 * Lets more items of a run go on that goes step by step.
 *
 * @throws HeptadError `RunUnknown`, `RunClosed`, `NothingToDecide`, `EngineUnreachable`
 */
export async function advance(
  dependencies: Dependencies,
  run: string,
  advanced: AdvanceItems,
): Promise<void> {
  await whileOpen(dependencies, run, () => advanceItems(dependencies.engine, run, advanced));
  dependencies.logger.info({ run, items: advanced.items }, 'Items let go on.');
}

/** A run that has ended says so, rather than that nothing waits. */
async function whileOpen(dependencies: Dependencies, run: string, act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (!(error instanceof HeptadError) || error.code !== 'NothingToDecide') throw error;
    const { summary } = await openRun(dependencies, run);
    throw summary.closedAt === null ? error : runClosed(run, summary.state);
  }
}
