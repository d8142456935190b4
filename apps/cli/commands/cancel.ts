import type { Command } from 'commander';
import type { Cli } from '../cli.js';
import { steer } from '../steer.js';

export function addCancel(program: Command, cli: Cli): void {
  program
    .command('cancel')
    .description('cancel a run; what it did so far is accounted for and sealed')
    .argument('<run>', 'id of the run')
    .action(cli.action((run: string) => steer(cli, run, 'cancel')));
}
