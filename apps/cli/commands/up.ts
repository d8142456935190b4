import type { Command } from 'commander';
import { paths } from '../../../libs/config/paths.js';
import { aborted } from '../aborted.js';
import type { Cli } from '../cli.js';
import { exitCode } from '../exit-code.js';
import { interruptible } from '../interrupted.js';

export function addUp(program: Command, cli: Cli): void {
  program
    .command('up')
    .description('run the local stack in the foreground: Temporal, the workers, the API')
    .action(cli.action(() => (cli.json ? upForMachines(cli) : upForPeople(cli))));
}

// The stack brings the engine's client along, which no other command has to wait for.

async function upForPeople(cli: Cli): Promise<number> {
  const { up } = await import('../../local/up.js');
  return up(cli.config);
}

async function upForMachines(cli: Cli): Promise<number> {
  const { startStack } = await import('../../local/stack.js');
  const { addresses, stop } = await startStack({ config: cli.config });
  return interruptible('', async (signal) => {
    cli.answer({ addresses, logs: paths(cli.config).logs }, () => '');
    await aborted(signal);
    await stop();
    return exitCode.done;
  });
}
