import type { Command } from 'commander';
import type { Cli } from '../cli.js';
import { exitCode } from '../exit-code.js';
import { itemCounts } from '../render/item-counts.js';

/** Lets items of a run go on that was started with `--stepwise`. */
export function addNext(program: Command, cli: Cli): void {
  const advance = async (
    run: string,
    verb: 'execute-next' | 'execute-parallel' | 'execute',
  ): Promise<number> => {
    const view = await cli.api.steer(run, verb);
    cli.answer(view, () => `${said[verb]} Items: ${itemCounts(view.items ?? [])}.`);
    return exitCode.done;
  };
  program
    .command('next')
    .description('let the next item of a run go on that was started with --stepwise')
    .argument('<run>', 'id of the run')
    .option('--all-ready', 'let all items go on that are ready now')
    .action(
      cli.action((run: string, { allReady }: { allReady?: true }) =>
        advance(run, allReady ? 'execute-parallel' : 'execute-next'),
      ),
    );
  program
    .command('go')
    .description('let everything go on in a run that was started with --stepwise')
    .argument('<run>', 'id of the run')
    .action(cli.action((run: string) => advance(run, 'execute')));
}

const said = {
  'execute-next': 'The next item goes on.',
  'execute-parallel': 'All items that are ready go on.',
  execute: 'Everything goes on.',
} as const;
