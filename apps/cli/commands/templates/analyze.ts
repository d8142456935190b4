import type { Command } from 'commander';
import { analyseParallelism } from '../../../../libs/templates/graph/analyse-parallelism.js';
import type { Cli } from '../../cli.js';
import { exitCode } from '../../exit-code.js';
import { parallelism } from '../../render/parallelism.js';
import { templateOf } from './template-of.js';

export function addAnalyze(templates: Command, cli: Cli): void {
  templates
    .command('analyze')
    .description('tell what of a template can run at once, and what that gains')
    .argument('<template-or-file>', 'a file, which needs no service, or a name or name@version')
    .action(
      cli.action(async (fileOrName: string) => {
        const found = analyseParallelism(await templateOf(cli, fileOrName));
        cli.answer(found, () => parallelism(found, cli.terminal.colors));
        return exitCode.done;
      }),
    );
}
