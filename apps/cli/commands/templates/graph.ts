import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { callerFolder } from '../../../../libs/config/caller-folder.js';
import { drawGraph } from '../../../../libs/templates/graph/draw-graph.js';
import type { Cli } from '../../cli.js';
import { exitCode } from '../../exit-code.js';
import { templateOf } from './template-of.js';

interface Options {
  readonly output?: string;
}

export function addGraph(templates: Command, cli: Cli): void {
  templates
    .command('graph')
    .description('draw the graph of a template as SVG')
    .argument('<template-or-file>', 'a file, which needs no service, or a name or name@version')
    .option('--output <file>', 'where the picture is written; without it, to standard output')
    .action(
      cli.action(async (fileOrName: string, { output }: Options) => {
        const template = await templateOf(cli, fileOrName);
        const { name, version } = template;
        const svg = await drawGraph(template);
        if (output === undefined) {
          if (cli.json) cli.answer({ template: { name, version }, svg }, () => svg);
          else cli.terminal.out(svg.trimEnd());
          return exitCode.done;
        }
        await writeFile(resolve(callerFolder(), output), svg);
        cli.answer(
          { template: { name, version }, output },
          () => `${name}@${version} is drawn in ${output}.`,
        );
        return exitCode.done;
      }),
    );
}
