import type { Command } from 'commander';
import type { Cli } from '../../cli.js';
import { exitCode } from '../../exit-code.js';
import { templateRows } from '../../render/template-rows.js';

export function addSeed(templates: Command, cli: Cli): void {
  templates
    .command('seed')
    .description('register the demo templates')
    .action(
      cli.action(async () => {
        const seeded = await cli.api.seedTemplates();
        cli.answer(seeded, () => templateRows(seeded.templates, cli.terminal.colors));
        return exitCode.done;
      }),
    );
}
