import { readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { ifThere } from '../../../libs/artifacts/if-there.js';
import { callerFolder } from '../../../libs/config/caller-folder.js';
import { controlFileNames } from '../../../libs/contracts/control-files.js';
import { lintControlBytes, mostBytes, tooLarge } from '../../../libs/control-files/lint-control-bytes.js';
import { HeptadError } from '../../../libs/protocol/errors.js';
import type { Cli } from '../cli.js';
import { exitCode } from '../exit-code.js';

/** Needs this program and the folder: no service, no network, no settings. */
export function addLint(program: Command, cli: Cli): void {
  program
    .command('lint')
    .description('read the control files .sop and .todo of a folder, and say what is wrong with them')
    .argument('[folder]', 'where they are', '.')
    .action(
      cli.action(async (folder: string) => {
        const files = await lint(resolve(callerFolder(), folder));
        if (files.length === 0)
          throw new HeptadError('UsageInvalid', undefined, {
            problems: [{ path: folder, reason: `There is neither ${controlFileNames.join(' nor ')} in it.` }],
          });
        cli.answer({ files }, () => files.flatMap(linesOf).join('\n'));
        return files.some(({ problems }) => problems.length > 0) ? exitCode.failed : exitCode.done;
      }),
    );
}

async function lint(folder: string) {
  const read = await Promise.all(
    controlFileNames.map(async (file) => {
      const path = join(folder, file);
      const found = await ifThere(stat(path));
      if (!found?.isFile()) return [];
      const read =
        found.size > mostBytes ? tooLarge(found.size) : lintControlBytes(file, await readFile(path));
      return [{ file, ...read }];
    }),
  );
  return read.flat();
}

const linesOf = ({ file, items, problems }: Awaited<ReturnType<typeof lint>>[number]): string[] =>
  problems.length === 0
    ? [`${file}: ${items.length} ${file === '.sop' ? 'steps' : 'items'}, no problem.`]
    : problems.map(({ line, column, says }) => `${file}:${line}:${column}: ${says}`);
