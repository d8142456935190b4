import type { Command } from 'commander';
import type { Cli } from '../cli.js';
import { exitCodeOfState } from '../exit-code.js';
import { goesOn } from '../goes-on.js';
import { interruptible } from '../interrupted.js';
import { outcome } from '../render/outcome.js';
import { watchRun } from '../watch-run.js';

export function addWatch(program: Command, cli: Cli): void {
  program
    .command('watch')
    .description('show a run from its start until it has ended')
    .argument('<run>', 'id of the run')
    .action(
      cli.action(async (run: string) => {
        const { terminal, api } = cli;
        // A run that is not known, or a service that does not answer, is an error at once.
        await api.run(run);
        const as = cli.json ? 'json' : terminal.live ? 'live' : 'lines';
        const view = await interruptible(goesOn(run), (signal) =>
          watchRun(api, run, terminal, { until: 'closed', signal, as }),
        );
        cli.say(outcome(view, terminal.colors));
        return exitCodeOfState(view.state);
      }),
    );
}
