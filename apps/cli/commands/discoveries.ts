import type { Command } from 'commander';
import type { Cli } from '../cli.js';
import { exitCode } from '../exit-code.js';
import { discoveryList } from '../render/discovery-list.js';

interface Options {
  readonly private?: true;
  readonly label?: readonly string[];
}

export function addDiscoveries(program: Command, cli: Cli): void {
  program
    .command('discoveries')
    .description('list what was discovered in a run, and what became of it')
    .argument('<run>', 'id of the run')
    .option('--private', 'show what only the run itself may see, too')
    .option('--label <labels...>', 'show what these labels allow to be seen, too')
    .action(
      cli.action(async (id: string, { private: include, label }: Options) => {
        const list = await cli.api.discoveries(id, { includePrivate: include === true, labels: label ?? [] });
        cli.answer(list, () => discoveryList(list, cli.terminal.colors));
        return exitCode.done;
      }),
    );
}
