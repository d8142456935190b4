import type { Cli } from './cli.js';
import { exitCode } from './exit-code.js';
import { state } from './render/state.js';

/** Pauses, resumes or cancels a run, and says in which state it then is. */
export async function steer(cli: Cli, run: string, verb: 'pause' | 'resume' | 'cancel'): Promise<number> {
  const view = await cli.api.steer(run, verb);
  cli.answer(view, () => `${asked[verb]} Run ${view.id} is ${state(view.state, cli.terminal.colors)}.`);
  return exitCode.done;
}

const asked = {
  pause: 'Asked to pause.',
  resume: 'Asked to resume.',
  cancel: 'Asked to cancel.',
} as const;
