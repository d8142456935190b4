import type { Command } from 'commander';
import { type Config, readConfig } from '../../libs/config/config.js';
import { apiAddress } from './client/api-address.js';
import { ApiClient } from './client/api-client.js';
import { exitCode } from './exit-code.js';
import type { Terminal } from './terminal.js';

interface GlobalOptions {
  readonly json?: true;
  readonly server?: string;
}

/** What every command works with. The settings are read, and the service is addressed, when a command first asks. */
export class Cli {
  /** With what the process will end. */
  exitCode: number = exitCode.done;
  #config: Config | undefined;
  #api: ApiClient | undefined;

  constructor(
    private readonly program: Command,
    readonly terminal: Terminal,
  ) {}

  /** Whether standard output is for machines: JSON and nothing else. */
  get json(): boolean {
    return this.program.opts<GlobalOptions>().json === true;
  }

  get config(): Config {
    this.#config ??= readConfig();
    return this.#config;
  }

  get api(): ApiClient {
    const { server } = this.program.opts<GlobalOptions>();
    this.#api ??= new ApiClient(apiAddress(this.config, server), this.config.api.token);
    return this.#api;
  }

  /** Whether an address was given on the command line. */
  get serverGiven(): boolean {
    return this.program.opts<GlobalOptions>().server !== undefined;
  }

  /** Turns a function that gives an exit code into what commander calls. */
  action<A extends unknown[]>(run: (...args: A) => Promise<number>): (...args: A) => Promise<void> {
    return async (...args) => {
      this.exitCode = await run(...args);
    };
  }

  /** Prints the answer of a command: as JSON where machines read, else as text. */
  answer(value: unknown, text: () => string): void {
    this.terminal.out(this.json ? JSON.stringify(value, null, 2) : text());
  }

  /** Says something beside the answer, to people only. */
  say(text: string): void {
    if (!this.json) this.terminal.out(text);
  }
}
