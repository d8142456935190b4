import type { Command } from 'commander';
import type { Cli } from '../../cli.js';
import { exitCode } from '../../exit-code.js';
import { templateRows } from '../../render/template-rows.js';

interface Options {
  readonly search?: string;
  readonly tag?: string;
  readonly category?: string;
  readonly archived?: true;
}

export function addList(templates: Command, cli: Cli): void {
  templates
    .command('list', { isDefault: true })
    .description('list templates: of each the newest version that is not archived')
    .option(
      '--search <words>',
      'only those in whose name, title, description, tags or categories all words stand',
    )
    .option('--tag <tag>', 'only those with a tag')
    .option('--category <category>', 'only those with work of a category')
    .option('--archived', 'those that are archived')
    .action(
      cli.action(async ({ archived, ...filter }: Options) => {
        const list = await cli.api.templates({ ...filter, archived: archived === true ? 'true' : undefined });
        cli.answer(list, () => templateRows(list.templates, cli.terminal.colors));
        return exitCode.done;
      }),
    );
}
