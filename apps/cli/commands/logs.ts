import type { Command } from 'commander';
import { paths } from '../../../libs/config/paths.js';
import type { Cli } from '../cli.js';
import { exitCode } from '../exit-code.js';
import { readRunLog } from '../logs/read-run-log.js';
import { logLine } from '../render/log-line.js';

export function addLogs(program: Command, cli: Cli): void {
  program
    .command('logs')
    .description('print what the processes on this machine logged of a run, by time')
    .argument('<run>', 'id of the run')
    .action(
      cli.action(async (run: string) => {
        const folder = paths(cli.config).logs;
        const lines = await readRunLog(folder, run);
        if (cli.json) cli.answer({ lines }, () => '');
        else for (const line of lines) cli.terminal.out(logLine(line, cli.terminal.colors));
        if (lines.length === 0) cli.terminal.err(`No line in ${folder} names the run ${run}.`);
        return exitCode.done;
      }),
    );
}
