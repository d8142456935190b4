import { constants } from 'node:os';

/** Thrown by a command that was interrupted while it only watched. The message says how to go on. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
  /** As shells expect it: 128 and the number of the signal. */
  readonly exitCode: number;

  constructor(signal: NodeJS.Signals, message: string) {
    super(message);
    this.exitCode = 128 + constants.signals[signal];
  }
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs work that a signal to this process ends. A signal that comes again changes nothing: from a terminal it reaches
 * the process twice, directly and from the one that started it.
 *
 * @throws Interrupted when a signal came; `says` is its message
 */
export async function interruptible<T>(says: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const stop = (signal: NodeJS.Signals): void => controller.abort(new Interrupted(signal, says));
  // Whoever started this process and is gone takes it along, as a closed terminal does.
  const orphaned = (): void => stop('SIGHUP');
  for (const name of signals) process.on(name, stop);
  process.on('disconnect', orphaned);
  process.channel?.unref();
  try {
    return await work(controller.signal);
  } catch (error) {
    controller.signal.throwIfAborted();
    throw error;
  } finally {
    // After a signal the process only has its last words to say, and the same signal again must not cut them off.
    if (!controller.signal.aborted) {
      for (const name of signals) process.off(name, stop);
      process.off('disconnect', orphaned);
    }
  }
}
