import { randomUUID } from 'node:crypto';
import type { RunAccepted } from '../../libs/contracts/run.js';
import { HeptadError } from '../../libs/protocol/errors.js';
import type { Cli } from './cli.js';
import { exitCode, exitCodeOfState } from './exit-code.js';
import { goesOn } from './goes-on.js';
import { interruptible } from './interrupted.js';
import { outcome } from './render/outcome.js';
import { watchRun } from './watch-run.js';

/** What the commands that start a run have in common. */
export interface StartOptions {
  readonly key?: string;
  readonly detach?: true;
}

/**
 * Starts a run under an idempotency key and shows it until it has ended, unless it is detached.
 *
 * @returns the exit code
 */
export async function startAndFollow(
  cli: Cli,
  { key, detach }: StartOptions,
  start: (key: string) => Promise<RunAccepted>,
): Promise<number> {
  const { terminal, api } = cli;
  const accepted = await startedOnce(key ?? randomUUID(), start);
  if (detach === true) {
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
}

async function startedOnce(key: string, start: (key: string) => Promise<RunAccepted>): Promise<RunAccepted> {
  try {
    return await start(key);
  } catch (error) {
    if (!(error instanceof HeptadError) || error.code !== 'ApiUnreachable') throw error;
    // The request may have arrived although no answer did.
    const advice = `To be sure that it starts no second run, do it again with --key ${key}.`;
    throw new HeptadError('ApiUnreachable', `${error.message} ${advice}`, { cause: error });
  }
}
