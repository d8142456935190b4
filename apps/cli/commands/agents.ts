import type { Command } from 'commander';
import type { Cli } from '../cli.js';
import { exitCode } from '../exit-code.js';
import { table } from '../render/table.js';

export function addAgents(program: Command, cli: Cli): void {
  program
    .command('agents')
    .description('list the agents and what they can do')
    .action(
      cli.action(async () => {
        const list = await cli.api.agents();
        const columns = ['agent', 'version', 'layer', 'driver', 'capabilities'].map((head) => ({ head }));
        const rows = list.agents.map(({ id, version, layer, driver, capabilities }) => [
          id,
          version,
          layer,
          driver.kind,
          capabilities.join(', '),
        ]);
        cli.answer(list, () => table(columns, rows, cli.terminal.colors));
        return exitCode.done;
      }),
    );
}
