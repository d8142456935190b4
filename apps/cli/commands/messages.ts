import type { Command } from 'commander';
import type { Cli } from '../cli.js';
import { exitCode } from '../exit-code.js';
import { messageLine } from '../render/message-line.js';

export function addMessages(program: Command, cli: Cli): void {
  program
    .command('messages')
    .description('print what the items of a run said when they ended')
    .argument('<run>', 'id of the run')
    .action(
      cli.action(async (run: string) => {
        const messages = await cli.api.messages(run);
        cli.answer(
          { messages },
          () =>
            messages.map((message) => messageLine(message, cli.terminal.colors)).join('\n') ||
            'No item has ended yet.',
        );
        return exitCode.done;
      }),
    );
}
