import { HeptadError } from '../protocol/errors.js';
import { module as engine, type MicroLimits } from '../sandbox/wasm/engine.js';
import { runInThread } from '../threads/run-in-thread.js';
import { type InputsDone, module, workOnInputs } from './work-on-inputs.js';

/** What a micro agent is executed by. */
export interface MicroProgram {
  /** Id of the agent. */
  readonly id: string;
  readonly source: string;
  readonly limits: MicroLimits;
  /** JSON Schema of each output. */
  readonly outcome: Readonly<Record<string, unknown>>;
  /** JSON Schema that the item asks of each output beside that; null where it asks for none. */
  readonly expects?: Readonly<Record<string, unknown>> | null;
}

export interface InputsToExecute {
  /** A JSON array of the inputs. */
  readonly inputs: string;
  /** Index of the first of them in its segment. */
  readonly first: number;
  /** Indexes of those that are executed. Default: all. */
  readonly only?: readonly number[] | undefined;
  /** Executions of one input before it counts as failed. */
  readonly attempts: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Executes a micro agent on some inputs in a thread. An input on which the engine does not even stop to ask, as in one
 * long call of a built-in function, is ended from outside with its thread, and is over the limit of time.
 *
 * @throws HeptadError `AgentFailed` the program cannot be loaded
 * @throws the signal's reason where it was aborted
 */
export async function executeInputs(
  program: MicroProgram,
  { inputs, first, only, attempts, signal }: InputsToExecute,
): Promise<InputsDone> {
  const { source, limits, outcome, expects = null } = program;
  const hung: number[] = [];
  for (;;) {
    const at = new Int32Array(new SharedArrayBuffer(4));
    const stop = new AbortController();
    const watch = watchFor(at, 2 * limits.wallMs, (place) => {
      hung.push(first + place);
      stop.abort();
    });
    try {
      const work = { engine, source, limits, outcome, expects, attempts, inputs, first, only, hung, at };
      const either = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
      const done = await runInThread(workOnInputs, module, work, either);
      if (!('unusable' in done)) return done;
      throw new HeptadError(
        'AgentFailed',
        `The micro agent ${program.id} cannot be executed. ${done.unusable}`,
      );
    } catch (error) {
      signal?.throwIfAborted();
      if (!stop.signal.aborted) throw error;
    } finally {
      clearInterval(watch);
    }
  }
}

/** Tells when the same input was executed at two looks, so for longer than the milliseconds between them. */
function watchFor(at: Int32Array, everyMs: number, onHung: (place: number) => void): NodeJS.Timeout {
  let seen = 0;
  return setInterval(() => {
    const now = Atomics.load(at, 0);
    if (now > 0 && now === seen) onHung(now - 1);
    seen = now;
  }, everyMs);
}
