import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const guard = fileURLToPath(new URL('../stack/guard.sh', import.meta.url));

/**
 * Runs a program to its end and gives what it printed. The program ends with this process, however that ends.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, timeout?: number }} [options] `timeout` in milliseconds
 * @returns {Promise<{ code: number, stdout: string, stderr: string }>} code 127 where the program cannot be started
 */
export function run(command, args, { cwd, env, timeout } = {}) {
  return new Promise((resolve) => {
    const guarded = process.platform !== 'win32';
    const [program, words] = guarded ? ['/bin/sh', [guard, command, ...args]] : [command, args];
    const child = spawn(program, words, {
      cwd,
      env,
      timeout,
      detached: guarded,
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text) => {
      stderr += text;
    });
    child.once('error', (error) => resolve({ code: 127, stdout, stderr: error.message }));
    child.once('close', (code) => resolve({ code: code ?? 1, stdout, stderr }));
  });
}

/**
 * Runs a program that must succeed.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, timeout?: number }} [options] `timeout` in milliseconds
 * @returns {Promise<string>} its standard output
 * @throws {Error} with the end of what it printed
 */
export async function mustRun(command, args, options) {
  const { code, stdout, stderr } = await run(command, args, options);
  if (code === 0) return stdout;
  const said = `${stdout}\n${stderr}`.trim().split('\n').slice(-40).join('\n');
  throw new Error(`\`${command} ${args.join(' ')}\` ended with code ${code}:\n${said}`);
}
