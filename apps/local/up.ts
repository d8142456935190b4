import pc from 'picocolors';
import type { Config } from '../../libs/config/config.js';
import { paths } from '../../libs/config/paths.js';
import { startStack } from './stack.js';

/**
 * Runs the local stack in the foreground until it is told to stop (Ctrl-C, SIGTERM, a closed terminal), then stops it
 * in order. Runs in flight go on at the next start.
 *
 * @returns the exit code: 0, stopped as asked
 * @throws HeptadError as `startStack` does
 */
export async function up(config: Config): Promise<number> {
  const told = untilToldToStop();
  const starting = startStack({ config, onAnswer: show });
  // Before the stack is up there is nothing to stop in order: its parts end with this process.
  const stack = await Promise.race([starting, told.then(() => 'told' as const)]);
  if (stack === 'told') process.exit(130);
  show('Logs', paths(config).logs);
  console.log('Ctrl-C stops the stack; runs in flight go on at the next start.');
  await told;
  console.log('Stopping: the API and control, then the other workers, then Temporal.');
  await stack.stop();
  console.log('Stopped.');
  return 0;
}

const show = (name: string, address: string): void => console.log(`${name.padEnd(16)} ${pc.cyan(address)}`);

/** Resolves at the first sign to stop. Later ones are the same wish: npm and the terminal each send theirs. */
function untilToldToStop(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve());
    // The process that npm started is gone.
    process.on('disconnect', () => resolve());
    process.channel?.unref();
  });
}
