import type { Command } from 'commander';
import type { Cli } from '../cli.js';
import { exitCode } from '../exit-code.js';
import { health } from '../render/health.js';

export function addDoctor(program: Command, cli: Cli): void {
  program
    .command('doctor')
    .description('tell what Heptad needs of this machine, and what is missing')
    .action(
      cli.action(async () => {
        const { doctor } = await import('../../local/doctor.js');
        const requirements = await doctor(cli.config);
        const ok = requirements.every((requirement) => requirement.ok);
        cli.answer({ ok, requirements }, () => health(requirements, cli.terminal.colors));
        return ok ? exitCode.done : exitCode.failed;
      }),
    );
}
