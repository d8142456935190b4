import { readFileSync } from 'node:fs';
import process from 'node:process';
import { z } from 'zod';
import { type AgentAnswer, type AgentTask, agentTaskSchema } from '../../../contracts/agent.js';
import { TaskFailure } from './task-failure.js';

/** What a program hands back: `outcome` is the same at every execution, `measurements` need not be. */
export interface Done {
  readonly outcome: Record<string, unknown>;
  readonly measurements: Record<string, unknown>;
}

/**
 * The frame of every program: reads one task from standard input, does the work, writes one answer to standard
 * output. Nothing else may write to standard output, so consoles of imported tools are turned to standard error.
 */
export async function serveTask(work: (task: AgentTask) => Promise<Done>): Promise<void> {
  const write = process.stdout.write.bind(process.stdout);
  process.stdout.write = process.stderr.write.bind(process.stderr);
  const answer = await answerTo(work, readFileSync(0, 'utf8'), performance.now());
  await new Promise<void>((resolve) => write(`${JSON.stringify(answer, wellFormed)}\n`, () => resolve()));
}

/** Names and messages that were cut to their limit may end in half a character, which canonical JSON cannot say. */
const wellFormed = (_key: string, value: unknown): unknown =>
  typeof value === 'string' ? value.toWellFormed() : value;

/**
 * The answer to one task in its JSON form; every error becomes a failed answer.
 *
 * @param spentMs what starting took of the sandbox's time: the task's work is told that it has less
 */
export async function answerTo(
  work: (task: AgentTask) => Promise<Done>,
  input: string,
  spentMs: number,
): Promise<AgentAnswer> {
  const start = performance.now();
  try {
    const { outcome, measurements } = await work(
      withTimeLeft(agentTaskSchema.parse(JSON.parse(input)), spentMs),
    );
    return {
      status: 'done',
      outcome,
      measurements: { ...measurements, totalMs: Math.round(performance.now() - start) },
    };
  } catch (error) {
    const code = error instanceof TaskFailure ? error.code : 'AgentFailed';
    const message = error instanceof Error ? error.message : String(error);
    return { status: 'failed', code, message: message.slice(0, 2000) };
  }
}

const limitsSchema = z.object({ limits: z.object({ wallMs: z.number() }) });

function withTimeLeft(task: AgentTask, spentMs: number): AgentTask {
  const parsed = limitsSchema.safeParse(task.parameters);
  if (!parsed.success) return task;
  const wallMs = Math.max(1, Math.floor(parsed.data.limits.wallMs - spentMs));
  return { ...task, parameters: { ...task.parameters, limits: { wallMs } } };
}
