import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import { parseTemplate } from '../../../../libs/templates/parse-template.js';
import type { Cli } from '../../cli.js';
import { exitCode } from '../../exit-code.js';
import { readSource } from './read-source.js';

interface Options {
  readonly key?: string;
}

/** `create` and `version`. */
export function addRegister(templates: Command, cli: Cli): void {
  const key = ['--key <key>', 'idempotency key: the same key with the same file registers it once'] as const;
  const register = (asVersion: boolean) =>
    cli.action(async (file: string, options: Options) => {
      const source = await readSource(file);
      // Refused here with line and column, before anything is sent.
      const { name } = parseTemplate(source, file);
      const created = await cli.api.registerTemplate(
        asVersion ? name : undefined,
        source,
        options.key ?? randomUUID(),
      );
      const { template, warnings } = created;
      cli.answer(created, () =>
        [
          ...warnings.map(({ line, column, reason }) => `${file}:${line}:${column}: warning: ${reason}`),
          `${template.name}@${template.version} is registered.`,
        ].join('\n'),
      );
      return exitCode.done;
    });
  templates
    .command('create')
    .description('register the template in a file under a new name')
    .argument('<file>')
    .option(...key)
    .action(register(false));
  templates
    .command('version')
    .description('register the template in a file as a new version, higher than all that there are')
    .argument('<file>')
    .option(...key)
    .action(register(true));
}
