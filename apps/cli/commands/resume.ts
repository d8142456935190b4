import type { Command } from 'commander';
import type { Cli } from '../cli.js';
import { steer } from '../steer.js';

export function addResume(program: Command, cli: Cli): void {
  program
    .command('resume')
    .description('go on with a paused run')
    .argument('<run>', 'id of the run')
    .action(cli.action((run: string) => steer(cli, run, 'resume')));
}
