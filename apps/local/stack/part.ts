import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { HeptadError } from '../../../libs/protocol/errors.js';

const guard = fileURLToPath(new URL('./guard.sh', import.meta.url));

/** A program of the stack and how it is run. */
export interface PartOptions {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** What it prints is appended to this file. */
  readonly log: string;
  /** Resolves once the part answers; `since` is when it was started. Ends early when the signal fires. */
  readonly answers: (since: Date, signal: AbortSignal) => Promise<void>;
  readonly say: (line: string) => void;
  /** Milliseconds in which it must answer. Default 90,000. */
  readonly startTimeout?: number;
  /** Milliseconds between being asked to end and being killed. Default 15,000. */
  readonly stopTimeout?: number;
}

interface Running {
  readonly process: ChildProcess;
  readonly since: number;
  readonly exited: Promise<string>;
}

/**
 * A process of the local stack, in a process group of its own that ends with this process. When it dies by itself it
 * is started again; when it was stopped or killed on purpose it is not.
 */
export class Part {
  readonly #options: PartOptions;
  #running: Running | undefined;
  /** From a start to the stop or kill that is meant. */
  #life: AbortController | undefined;

  constructor(options: PartOptions) {
    this.#options = options;
  }

  /**
   * Starts it and waits until it answers.
   *
   * @throws HeptadError `DependencyUnreachable` it ended or did not answer in time; the message has its log's end
   */
  async start(): Promise<void> {
    if (this.#life !== undefined) return;
    const life = new AbortController();
    this.#life = life;
    try {
      const running = await this.#launch(life.signal);
      void this.#keepUp(running, life.signal);
    } catch (error) {
      await this.kill();
      throw error;
    }
  }

  /** Asks it to end, and kills it where it does not in time. */
  async stop(): Promise<void> {
    this.#life?.abort();
    const running = this.#running;
    if (running === undefined) return;
    running.process.kill('SIGTERM');
    const ended = new AbortController();
    const timeout = delay(this.#options.stopTimeout ?? 15_000, undefined, { signal: ended.signal });
    await Promise.race([running.exited, timeout.catch(() => undefined)]);
    ended.abort();
    await this.kill();
  }

  /**
   * Kills it and everything in its process group, as `kill -9` does, and resolves once it is gone. It stays down until
   * `start`.
   */
  async kill(): Promise<void> {
    this.#life?.abort();
    this.#life = undefined;
    if (this.#running !== undefined) await this.#end(this.#running);
  }

  async #end(running: Running): Promise<void> {
    killGroup(running.process);
    await running.exited;
    if (this.#running === running) this.#running = undefined;
  }

  /** Starts a process and waits until it answers; where it does not, nothing of it is left. */
  async #launch(life: AbortSignal): Promise<Running> {
    const { name, log, startTimeout = 90_000, answers } = this.#options;
    const running = this.#spawn();
    const over = new AbortController();
    const signal = AbortSignal.any([life, over.signal, AbortSignal.timeout(startTimeout)]);
    const ended = running.exited.then((how) => `${name} ended while it was started, with ${how}`);
    const answered = answers(new Date(running.since), signal).then(
      () => undefined,
      (error: unknown) =>
        `${name} does not answer: ${error instanceof Error ? error.message : String(error)}`,
    );
    const problem = await Promise.race([ended, answered]);
    over.abort();
    if (problem === undefined) return running;
    await this.#end(running);
    throw new HeptadError('DependencyUnreachable', `${problem}. Its log, ${log}, ends:\n${await endOf(log)}`);
  }

  async #keepUp(first: Running, life: AbortSignal): Promise<void> {
    let running: Running | undefined = first;
    while (running !== undefined) {
      const how = await running.exited;
      if (life.aborted) return;
      const quick = Date.now() - running.since < 10_000;
      running = await this.#startAgain(how, quick ? 1 : 0, life);
    }
  }

  /** Starts it until it answers, with growing pauses where it keeps dying. */
  async #startAgain(how: string, deaths: number, life: AbortSignal): Promise<Running | undefined> {
    const { name, log, say } = this.#options;
    say(`${name} ended with ${how} and is started again; its log: ${log}`);
    for (let pauses = deaths; !life.aborted; pauses += 1) {
      const pause = pauses === 0 ? 0 : Math.min(30_000, 250 * 2 ** pauses);
      await delay(pause, undefined, { signal: life, ref: false }).catch(() => undefined);
      if (life.aborted) break;
      try {
        const running = await this.#launch(life);
        say(`${name} answers again.`);
        return running;
      } catch (error) {
        if (!life.aborted) say(error instanceof Error ? error.message : String(error));
      }
    }
    return undefined;
  }

  #spawn(): Running {
    const { command, args, env, log } = this.#options;
    const output = openSync(log, 'a');
    const child = spawn('/bin/sh', [guard, command, ...args], {
      env,
      detached: true,
      stdio: ['ignore', output, output, 'pipe', 'pipe'],
    });
    closeSync(output);
    // The program holds the last pipe, which closes with it, and what it held is free then: it may outlive the shell that
    // guards it by a moment, and with it the port that the next one wants.
    const closed = once(child, 'close');
    const exited = once(child, 'exit').then(
      async ([code, signal]) => {
        // What it left in its group goes with it.
        killGroup(child);
        await closed;
        return signal === null ? `code ${String(code)}` : String(signal);
      },
      (error: Error) => error.message,
    );
    closed.catch(() => undefined);
    this.#running = { process: child, since: Date.now(), exited };
    return this.#running;
  }
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch (error) {
    // No process is left in the group.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

async function endOf(log: string): Promise<string> {
  const text = await readFile(log, 'utf8');
  return text.trimEnd().split('\n').slice(-15).join('\n') || 'with nothing';
}
