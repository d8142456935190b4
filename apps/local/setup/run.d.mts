export interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Milliseconds after which the program is ended. */
  readonly timeout?: number;
}
/** Runs a program to its end; code 127 where it cannot be started. */
export function run(
  command: string,
  args: readonly string[],
  options?: RunOptions,
): Promise<{ code: number; stdout: string; stderr: string }>;
/** Runs a program that must succeed and gives its standard output. */
export function mustRun(command: string, args: readonly string[], options?: RunOptions): Promise<string>;
