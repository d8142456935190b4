import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import type { StartRun } from '../../../libs/contracts/request.js';
import type { RunAccepted } from '../../../libs/contracts/run.js';
import { HeptadError } from '../../../libs/protocol/errors.js';
import type { Cli } from '../cli.js';
import { exitCode, exitCodeOfState } from '../exit-code.js';
import { goesOn } from '../goes-on.js';
import { interruptible } from '../interrupted.js';
import { outcome } from '../render/outcome.js';
import { type RequestOptions, readRequest } from '../request/read-request.js';
import { watchRun } from '../watch-run.js';
import { wholeNumber } from '../whole-number.js';

interface Options extends RequestOptions {
  readonly key?: string;
  readonly detach?: true;
}

export function addRun(program: Command, cli: Cli): void {
  program
    .command('run')
    .description(
      'start a run from a template with its input, or from one sentence, and show it until it has ended',
    )
    .argument('<template-or-sentence...>', 'name of a template, or a sentence')
    .option('--input <json>', "the template's input as JSON")
    .option('--input-file <file>', "a file with the template's input as JSON; - reads standard input")
    .option(
      '--deliver <target>',
      'where the package goes beside its folder: folder:PATH, s3://BUCKET/PREFIX or a git URL with #BRANCH; can be repeated',
      (one: string, before: readonly string[]) => [...before, one],
      [],
    )
    .option('--encrypt-to <recipient>', 'encrypt what goes to folders and buckets to a recipient of age')
    .option(
      '--waiver-window <seconds>',
      "how long a phase waits for a person's waiver where a pass failed",
      wholeNumber(0, 30 * 24 * 3600),
    )
    .option('--stepwise', 'start no item before `heptad next` or `heptad go` lets it')
    .option('--key <key>', 'idempotency key: the same key with the same request is the same run')
    .option('--detach', 'end as soon as the run is accepted')
    .action(
      cli.action(async (words: string[], options: Options) => {
        const { terminal, api } = cli;
        const accepted = await accept(cli, await readRequest(words, options), options.key);
        if (options.detach === true) {
          cli.answer(
            accepted,
            () => `Run ${accepted.id} is accepted. See it with \`heptad watch ${accepted.id}\`.`,
          );
          return exitCode.done;
        }
        const as = cli.json ? 'nothing' : terminal.live ? 'live' : 'lines';
        if (as === 'lines') terminal.out(`Run ${accepted.id} is accepted.`);
        const view = await interruptible(goesOn(accepted.id), (signal) =>
          watchRun(api, accepted.id, terminal, { until: 'closed', signal, as }),
        );
        cli.answer(view, () => outcome(view, terminal.colors));
        return exitCodeOfState(view.state);
      }),
    );
}

async function accept(cli: Cli, request: StartRun, given: string | undefined): Promise<RunAccepted> {
  const key = given ?? randomUUID();
  try {
    return await cli.api.startRun(request, key);
  } catch (error) {
    if (!(error instanceof HeptadError) || error.code !== 'ApiUnreachable') throw error;
    // The request may have arrived although no answer did.
    const advice = `To be sure that it starts no second run, do it again with --key ${key}.`;
    throw new HeptadError('ApiUnreachable', `${error.message} ${advice}`, { cause: error });
  }
}
