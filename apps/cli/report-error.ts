import { CommanderError } from 'commander';
import { HeptadError } from '../../libs/protocol/errors.js';
import type { Cli } from './cli.js';
import { exitCode, exitCodeOfError } from './exit-code.js';
import { Interrupted } from './interrupted.js';
import { problem } from './render/problem.js';

/** Says on standard error what went wrong, on standard output too where it is for machines. Gives the exit code. */
export function reportError(error: unknown, cli: Cli): number {
  if (error instanceof CommanderError && error.exitCode === 0) return exitCode.done;
  if (error instanceof Interrupted) {
    cli.terminal.err(error.message);
    return error.exitCode;
  }
  const told = asHeptadError(error);
  const { code, message, problems } = told;
  cli.terminal.err(problem(told));
  if (code === 'UsageInvalid') cli.terminal.err('`heptad help COMMAND` tells how a command is used.');
  // What was not foreseen is for whoever repairs it, and they need the place.
  if (told !== error && code === 'Unexpected' && error instanceof Error && error.stack)
    cli.terminal.err(error.stack);
  if (cli.json) cli.terminal.out(JSON.stringify({ error: { code, message, problems } }, null, 2));
  return exitCodeOfError(code);
}

function asHeptadError(error: unknown): HeptadError {
  if (error instanceof HeptadError) return error;
  if (error instanceof CommanderError) return new HeptadError('UsageInvalid', sentence(error.message));
  return new HeptadError('Unexpected', error instanceof Error ? error.message : String(error), {
    cause: error,
  });
}

/** commander's message as a sentence of ours. */
function sentence(message: string): string {
  if (message === '(outputHelp)') return 'No command was given.';
  const [first = '', ...rest] = message.replace(/^error: /, '').split('\n');
  const text = `${first.charAt(0).toUpperCase()}${first.slice(1)}.`;
  return [text, ...rest].join(' ').replace(/\.\.$/, '.');
}
