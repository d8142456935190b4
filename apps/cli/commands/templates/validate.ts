import type { Command } from 'commander';
import type { TemplateProblem } from '../../../../libs/templates/check/template-problem.js';
import { validateTemplate } from '../../../../libs/templates/validate-template.js';
import type { Cli } from '../../cli.js';
import { exitCode } from '../../exit-code.js';
import { plain } from '../../render/plain.js';
import { readSource } from './read-source.js';

export function addValidate(templates: Command, cli: Cli): void {
  templates
    .command('validate')
    .description('check the file of a template, YAML or JSON; needs no service')
    .argument('<file>')
    .action(
      cli.action(async (file: string) => {
        const { template, problems, warnings } = validateTemplate(await readSource(file));
        const valid = template !== null;
        cli.answer({ valid, problems, warnings }, () =>
          [
            ...problems.map((one) => line(file, one)),
            ...warnings.map((one) => line(file, one, 'warning: ')),
            template
              ? `${template.name}@${template.version} is valid.`
              : `${file} is no template that can be used.`,
          ].join('\n'),
        );
        return valid ? exitCode.done : exitCode.failed;
      }),
    );
}

/** As compilers say it, so that editors find the place. */
const line = (file: string, { line, column, reason }: TemplateProblem, kind = ''): string =>
  plain(`${file}:${line}:${column}: ${kind}${reason}`);
