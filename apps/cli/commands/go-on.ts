import type { Command } from 'commander';
import type { RollbackPoint } from '../../../libs/contracts/resumption.js';
import type { Cli } from '../cli.js';
import { exitCode } from '../exit-code.js';
import { rollbackPoints } from '../render/rollback-points.js';
import { type StartOptions, startAndFollow } from '../start-and-follow.js';

/** The commands that start a run from what another one committed. */
export function addGoOn(program: Command, cli: Cli): void {
  program
    .command('points')
    .description('list the states of a run that another one can start from')
    .argument('<run>', 'id of the run')
    .action(
      cli.action(async (run: string) => {
        const points: readonly RollbackPoint[] = await cli.api.rollbackPoints(run);
        cli.answer({ points }, () => rollbackPoints(points, cli.terminal.colors));
        return exitCode.done;
      }),
    );
  starting(program.command('rollback'))
    .description('start a run from a rollback point of another one, and show it until it has ended')
    .argument('<run>', 'id of the run')
    .argument('[point]', 'id of the point, as `heptad points` lists it (default: the last one)')
    .action(
      cli.action((run: string, point: string | undefined, options: StartOptions) =>
        startAndFollow(cli, options, (key) =>
          cli.api.rollback(run, point === undefined ? {} : { point }, key),
        ),
      ),
    );
  starting(program.command('rerun'))
    .description('start a run that does an item of another one again, and all that depends on it')
    .argument('<run>', 'id of the run')
    .argument('<item>', 'id of the item')
    .action(
      cli.action((run: string, item: string, options: StartOptions) =>
        startAndFollow(cli, options, (key) => cli.api.rerun(run, { item }, key)),
      ),
    );
  starting(program.command('continue'))
    .description('start a run that does what another one found and left')
    .argument('<run>', 'id of the run')
    .option('--label <labels...>', 'do what these labels allow to be seen, too')
    .action(
      cli.action(
        (run: string, { label, ...options }: StartOptions & { readonly label?: readonly string[] }) =>
          startAndFollow(cli, options, (key) => cli.api.continueRun(run, label ?? [], key)),
      ),
    );
}

const starting = (command: Command): Command =>
  command
    .option('--key <key>', 'idempotency key: the same key with the same request is the same run')
    .option('--detach', 'end as soon as the run is accepted');
