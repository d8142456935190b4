import type { Command } from 'commander';
import type { Cli } from '../../cli.js';
import { exitCode } from '../../exit-code.js';
import { templateRows } from '../../render/template-rows.js';

/** `archive` and `unarchive`. */
export function addArchive(templates: Command, cli: Cli): void {
  const says = {
    archive: 'archive a template or a version of it: it can be read, and no run is started from it',
    unarchive: 'take an archived template or a version of it back into use',
  };
  for (const verb of ['archive', 'unarchive'] as const)
    templates
      .command(verb)
      .description(says[verb])
      .argument('<template>', 'a name, or name@version')
      .action(
        cli.action(async (reference: string) => {
          const [name = '', version] = reference.split('@');
          const answer = await cli.api.archiveTemplate(verb, name, version);
          cli.answer(answer, () => templateRows(answer.versions, cli.terminal.colors));
          return exitCode.done;
        }),
      );
}
