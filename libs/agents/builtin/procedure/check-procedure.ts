import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { AgentTask } from '../../../contracts/agent.js';
import { limitsSchema, parametersOf } from '../answer/parameters.js';
import { readInput } from '../answer/read-input.js';
import type { Done } from '../answer/serve-task.js';
import { byCodeUnit } from '../subject/order.js';
import type { Places } from '../subject/places.js';
import { runCommand } from './run-command.js';

const parametersSchema = z.object({ limits: limitsSchema });

const stepSchema = z.object({
  kind: z.literal('procedure-step'),
  file: z.string(),
  line: z.int(),
  text: z.string(),
  exitCode: z.int(),
  check: z.string().nullable(),
});

/** So much of the time is left for the answer. Milliseconds. */
const spare = 5000;

/**
 * Runs the check of every step again, each in a fresh copy of what all steps led to: a later step may have undone an
 * earlier one. A step without a check was done when its command ended with 0, and is counted as unchecked.
 *
 * @throws TaskFailure InputInvalid: what a step left cannot be read; SandboxLimit: a check took too long
 */
export async function checkProcedure(places: Places, task: AgentTask): Promise<Done> {
  const start = performance.now();
  const { limits } = parametersOf(parametersSchema, task);
  const steps = task.inputs
    .map((name) => ({ item: name, ...readInput(places, name, stepSchema) }))
    .sort((a, b) => byCodeUnit(a.file, b.file) || a.line - b.line);
  const copy = join(places.scratch, 'checked');
  const results = [];
  const measured: Record<string, unknown> = {};
  for (const { item, file, line, text, exitCode, check } of steps) {
    let checked: number | null = null;
    if (check !== null) {
      rmSync(copy, { recursive: true, force: true });
      cpSync(places.workspace, copy, { recursive: true, verbatimSymlinks: true });
      const left = Math.floor(limits.wallMs - spare - (performance.now() - start));
      const ran = await runCommand(places, copy, check, left);
      measured[item] = ran;
      checked = ran.exitCode ?? -1;
    }
    results.push({ item, file, line, text, exitCode, check, checked });
  }
  const failed = results.filter(({ checked }) => checked !== null && checked !== 0);
  return {
    outcome: {
      kind: 'procedure-check',
      passed: failed.length === 0,
      steps: results,
      unchecked: results.filter(({ check }) => check === null).length,
      issues: failed.map(
        ({ file, line, check }) => `${file}:${line}: in the end this does not hold: ${check}`,
      ),
    },
    measurements: { checks: measured },
  };
}
