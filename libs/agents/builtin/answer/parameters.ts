import { z } from 'zod';
import type { AgentTask } from '../../../contracts/agent.js';
import { TaskFailure } from './task-failure.js';

/** The driver tells each program the limits of its sandbox, so that it can stop in time and say why. */
export const limitsSchema = z.object({ wallMs: z.int().positive() }).default({ wallMs: 600_000 });

/** The name of an input, which is also that of its file. */
export const inputNameSchema = z.string().regex(/^[\w.-]+$/);

/** The command of the subject's own tests, and the seconds in which it must end, where they are bounded. */
export const testParameterSchema = z.object({
  command: z.string().min(1).max(2000),
  seconds: z.number().positive().optional(),
});

/**
 * The task's parameters by a program's own schema; parameters that it does not know are left aside.
 *
 * @throws TaskFailure InputInvalid: a parameter is missing or not of its type
 */
export function parametersOf<T extends z.ZodType>(schema: T, task: AgentTask): z.output<T> {
  const parsed = schema.safeParse(task.parameters);
  if (!parsed.success) {
    const first = parsed.error.issues[0];
    const where = first?.path.join('.') ?? '';
    throw new TaskFailure(
      'InputInvalid',
      `The parameter "${where}" of the task is not usable: ${first?.message}.`,
    );
  }
  return parsed.data;
}
