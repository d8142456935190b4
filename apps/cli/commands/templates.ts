import type { Command } from 'commander';
import type { Cli } from '../cli.js';
import { exitCode } from '../exit-code.js';
import { table } from '../render/table.js';

export function addTemplates(program: Command, cli: Cli): void {
  program
    .command('templates')
    .description('list the templates that a run can be started from')
    .action(
      cli.action(async () => {
        const list = await cli.api.templates();
        const columns = [{ head: 'template' }, { head: 'version' }, { head: 'title' }];
        const rows = list.templates.map(({ name, version, title }) => [name, version, title]);
        cli.answer(list, () => table(columns, rows, cli.terminal.colors));
        return exitCode.done;
      }),
    );
}
