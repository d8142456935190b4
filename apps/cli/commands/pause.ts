import type { Command } from 'commander';
import type { Cli } from '../cli.js';
import { steer } from '../steer.js';

export function addPause(program: Command, cli: Cli): void {
  program
    .command('pause')
    .description('let what runs finish, and start nothing new')
    .argument('<run>', 'id of the run')
    .action(cli.action((run: string) => steer(cli, run, 'pause')));
}
