import { userInfo } from 'node:os';
import type { Command } from 'commander';
import { type ItemDecision, itemDecisions } from '../../../libs/contracts/steering.js';
import type { Cli } from '../cli.js';
import { exitCode } from '../exit-code.js';

interface Options {
  readonly reason: string;
  readonly by?: string;
}

/** What people say of items, a command for each. */
export function addDecide(program: Command, cli: Cli): void {
  for (const decision of itemDecisions)
    program
      .command(decision)
      .description(does[decision])
      .argument('<run>', 'id of the run')
      .argument('<item>', 'id of the item')
      .requiredOption('--reason <text>', 'why, in 1 to 1000 characters; it stays with the run')
      .option('--by <name>', 'who decides (default: the name of your user)')
      .action(
        cli.action(async (run: string, item: string, { reason, by = userInfo().username }: Options) => {
          const view = await cli.api.decide(run, { item, decision, by, reason });
          const now = view.items?.find(({ id }) => id === item)?.status;
          cli.answer(view, () => `Taken: ${decision} ${item}.${now === undefined ? '' : ` It is ${now}.`}`);
          return exitCode.done;
        }),
      );
}

const does: Readonly<Record<ItemDecision, string>> = {
  approve: 'approve the result of an item that waits for review',
  reject: 'reject the result of an item that waits for review, which is a failure of the item',
  retry: 'have an item done once more that waits for a person',
  recover: 'begin the manual recovery of an item',
  skip: 'do without an item; those that come after it go on',
  fail: 'give an item up that waits for a person',
};
