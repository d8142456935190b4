import { type Command, Option } from 'commander';
import type { z } from 'zod';
import type { RunSummary, runListSchema } from '../../../libs/contracts/run.js';
import { runStates } from '../../../libs/protocol/states.js';
import type { Cli } from '../cli.js';
import type { ApiClient } from '../client/api-client.js';
import { exitCode } from '../exit-code.js';
import { runList } from '../render/run-list.js';
import { wholeNumber } from '../whole-number.js';

interface Options {
  readonly state?: string;
  readonly template?: string;
  readonly limit: number;
  readonly cursor?: string;
}

export function addRuns(program: Command, cli: Cli): void {
  program
    .command('runs')
    .description('list runs, newest first')
    .addOption(new Option('--state <state>', 'only runs in this state').choices(runStates))
    .option('--template <name>', 'only runs of this template')
    .option('--limit <number>', 'how many at most, 1 to 200', wholeNumber(1, 200), 20)
    .option('--cursor <cursor>', 'go on after an earlier list')
    .action(
      cli.action(async (options: Options) => {
        const list = await readList(cli.api, options);
        cli.answer(list, () => runList(list, { now: Date.now(), colors: cli.terminal.colors }));
        return exitCode.done;
      }),
    );
}

/** Runs up to the limit: a page of the service may be shorter, or empty, and still have a next one. */
async function readList(
  api: ApiClient,
  { state, template, limit, cursor }: Options,
): Promise<z.infer<typeof runListSchema>> {
  const runs: RunSummary[] = [];
  let next: string | undefined = cursor;
  do {
    const page = await api.runs({ state, template, limit: limit - runs.length, cursor: next });
    runs.push(...page.runs);
    next = page.next ?? undefined;
  } while (next !== undefined && runs.length < limit);
  return { runs, next: next ?? null };
}
