import { spawn } from 'node:child_process';
import { TaskFailure } from '../answer/task-failure.js';

export interface ToolRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const most = 128 * 1024 * 1024;

/**
 * Runs one of our own tools in a folder and keeps its output. Its environment is empty but for `HOME`, so that no
 * setting of the caller changes what it finds.
 *
 * @throws TaskFailure AgentFailed: the tool cannot be started, or writes more than 128 MiB
 */
export function runTool(
  file: string,
  args: readonly string[],
  options: { cwd: string; home: string },
): Promise<ToolRun> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      cwd: options.cwd,
      env: { HOME: options.home, PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const kept: { stdout: Buffer[]; stderr: Buffer[] } = { stdout: [], stderr: [] };
    let size = 0;
    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream].on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size <= most) kept[stream].push(chunk);
        else child.kill('SIGKILL');
      });
    }
    child.once('error', (error) =>
      reject(new TaskFailure('AgentFailed', `The tool ${file} could not be started: ${error.message}`)),
    );
    child.once('close', (code) => {
      if (size > most) {
        reject(
          new TaskFailure('AgentFailed', `The tool ${file} wrote more than ${most} bytes and was ended.`),
        );
        return;
      }
      const text = (chunks: Buffer[]): string => Buffer.concat(chunks).toString('utf8');
      resolve({ code, stdout: text(kept.stdout), stderr: text(kept.stderr) });
    });
  });
}
