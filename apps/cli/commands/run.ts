import type { Command } from 'commander';
import type { Cli } from '../cli.js';
import { type RequestOptions, readRequest } from '../request/read-request.js';
import { type StartOptions, startAndFollow } from '../start-and-follow.js';
import { wholeNumber } from '../whole-number.js';

type Options = RequestOptions & StartOptions;

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
        const request = await readRequest(words, options);
        return await startAndFollow(cli, options, (key) => cli.api.startRun(request, key));
      }),
    );
}
