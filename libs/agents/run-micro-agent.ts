import { z } from 'zod';
import type { AgentManifest, AgentResult } from '../contracts/agent.js';
import { chunkResultsSchema } from '../contracts/reports/segment.js';
import { HeptadError, isErrorCode } from '../protocol/errors.js';
import { wasmInForce } from '../sandbox/wasm/wasm-in-force.js';
import { executeInputs } from '../segments/execute-inputs.js';
import { readMicroProgram } from './micro-program.js';
import { reportProblem } from './read-answer.js';
import type { AgentExecution } from './run-agent.js';

const outcomeSchema = z.record(z.string(), z.unknown());

/**
 * Executes a micro agent once. Its input is the parameter `input`; it sees neither the workspace nor other outcomes.
 *
 * @throws HeptadError `InputInvalid` there is no such parameter
 * @throws HeptadError `SandboxLimit` it went over a limit; `AgentFailed` it threw, or its output is not what it has to be
 * @throws the signal's reason where it was aborted
 */
export async function runMicroAgent(
  { store, manifest, run, expects, programsFolder, signal }: AgentExecution,
  driver: Extract<AgentManifest['driver'], { kind: 'micro' }>,
): Promise<AgentResult> {
  const { input } = { ...run.parameters, ...manifest.parameters };
  if (input === undefined)
    throw new HeptadError('InputInvalid', `${run.item} gives ${manifest.id} no parameter "input".`);
  const program = await readMicroProgram(programsFolder, { ...manifest, driver });
  const since = performance.now();
  const { results } = await executeInputs(program, {
    inputs: JSON.stringify([input]),
    first: 0,
    attempts: 1,
    signal,
  });
  const wallMs = Math.round(performance.now() - since);
  const [result] = chunkResultsSchema.parse(JSON.parse(results));
  if (result?.status !== 'completed')
    throw new HeptadError(
      result && isErrorCode(result.code) ? result.code : 'AgentFailed',
      `The agent ${manifest.id} could not do its task. ${result?.message ?? 'It gave no result.'}`,
    );
  const outcome = outcomeSchema.safeParse(result.output);
  const lacking = outcome.success ? reportProblem(outcome.data, expects) : 'gave no JSON object';
  if (lacking !== undefined) throw new HeptadError('AgentFailed', `The agent ${manifest.id} ${lacking}.`);
  return {
    outcome: await store.putJson(outcome.data),
    measurements: await store.putJson({ program: {}, usage: { wallMs } }),
    sandbox: {
      ...wasmInForce(program.limits),
      ...(run.budget?.cpuPercent === undefined ? {} : { cpu: 'not limited' }),
    },
  };
}
