import { type ErrorCode, errors, isErrorCode } from '../../libs/protocol/errors.js';
import type { RunState } from '../../libs/protocol/states.js';

/** The exit codes of every command. */
export const exitCode = { done: 0, failed: 1, usage: 2, unreachable: 3 } as const;

const unreachable: readonly ErrorCode[] = ['ApiUnreachable', 'EngineUnreachable'];

/** The exit code of a command that ends with an error: what was asked wrongly is usage, by the error's HTTP status. */
export function exitCodeOfError(code: string): number {
  if (!isErrorCode(code)) return exitCode.failed;
  if (unreachable.includes(code)) return exitCode.unreachable;
  return errors[code].status === 400 ? exitCode.usage : exitCode.failed;
}

/** The exit code of a command that waited for a run: 0 where a package was delivered. */
export const exitCodeOfState = (state: RunState): number =>
  state === 'completed' || state === 'completed-conditionally' ? exitCode.done : exitCode.failed;

/** Whether a run in this state has ended. */
export const isClosed = (state: RunState): boolean =>
  !['running', 'waiting', 'pausing', 'paused'].includes(state);
