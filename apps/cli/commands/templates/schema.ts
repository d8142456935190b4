import type { Command } from 'commander';
import { templateJsonSchema } from '../../../../libs/templates/schema/template-json-schema.js';
import type { Cli } from '../../cli.js';
import { exitCode } from '../../exit-code.js';

export function addSchema(templates: Command, cli: Cli): void {
  templates
    .command('schema')
    .description('print the JSON Schema of templates, for editors; needs no service')
    .action(
      cli.action(async () => {
        cli.terminal.out(JSON.stringify(templateJsonSchema(), null, 2));
        return exitCode.done;
      }),
    );
}
