import type { Command } from 'commander';
import type { Cli } from '../../cli.js';
import { exitCode } from '../../exit-code.js';
import { table } from '../../render/table.js';
import { templateRows } from '../../render/template-rows.js';

export function addShow(templates: Command, cli: Cli): void {
  templates
    .command('show')
    .description('show a template: its items, and its versions')
    .argument('<template>', 'a name or name@version')
    .action(
      cli.action(async (reference: string) => {
        const template = await cli.api.template(reference);
        const { versions } = await cli.api.templateVersions(template.name);
        cli.answer({ template, versions }, () => {
          const { colors } = cli.terminal;
          const columns = ['item', 'category', 'work', 'waits for', 'condition'].map((head) => ({ head }));
          const rows = template.items.map(({ id, category, work, depends_on, condition }) => [
            id,
            category,
            work.kind,
            depends_on.join(', '),
            condition ?? null,
          ]);
          return [
            `${template.name}@${template.version}: ${template.title}`,
            template.description,
            '',
            table(columns, rows, colors),
            '',
            templateRows(versions, colors),
          ].join('\n');
        });
        return exitCode.done;
      }),
    );
}
