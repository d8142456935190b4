import { z } from 'zod';
import type { AgentTask } from '../../../contracts/agent.js';
import { limitsSchema, parametersOf } from '../answer/parameters.js';
import type { Done } from '../answer/serve-task.js';
import { TaskFailure } from '../answer/task-failure.js';
import type { Places } from '../subject/places.js';
import { type Ran, runCommand } from './run-command.js';

const parametersSchema = z.object({
  file: z.string().min(1).max(100),
  line: z.int().positive(),
  text: z.string().min(1).max(500),
  /** Does the step, in the workspace that is handed back. */
  command: z.string().min(1).max(2000),
  /** Must end with 0 after it. */
  check: z.string().min(1).max(2000).optional(),
  limits: limitsSchema,
});

/** So much of the time is left for the answer. Milliseconds. */
const spare = 5000;

/**
 * Does a step by its command in the workspace, and then has its check run there.
 *
 * @throws TaskFailure AgentFailed: a command did not end with 0; SandboxLimit: it took too long
 */
export async function followStep(places: Places, task: AgentTask): Promise<Done> {
  const start = performance.now();
  const { file, line, text, command, check, limits } = parametersOf(parametersSchema, task);
  const time = (): number => Math.floor(limits.wallMs - spare - (performance.now() - start));
  const ran = succeeded(command, await runCommand(places, places.workspace, command, time()));
  const checked =
    check === undefined ? null : succeeded(check, await runCommand(places, places.workspace, check, time()));
  return {
    outcome: {
      kind: 'procedure-step',
      file,
      line,
      text,
      command,
      exitCode: ran.exitCode,
      check: check ?? null,
    },
    measurements: { command: ran, check: checked },
  };
}

function succeeded(command: string, ran: Ran): Ran {
  if (ran.exitCode === 0) return ran;
  const how = ran.exitCode === null ? 'was ended by a signal' : `ended with ${ran.exitCode}`;
  throw new TaskFailure('AgentFailed', `This command ${how}: ${command}\n${ran.end}`);
}
