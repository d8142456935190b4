import type { AgentActivities } from '../../libs/contracts/activities.js';
import { proveStep } from '../../libs/evidence/progress.js';
import type { Digest } from '../../libs/protocol/digest.js';
import { wasmInForce } from '../../libs/sandbox/wasm/wasm-in-force.js';
import { segmentsPrefix } from '../../libs/segments/committed-chunks.js';
import { runSegment as execute } from '../../libs/segments/run-segment.js';
import { segmentOf } from '../../libs/segments/segment-of.js';
import { noteSandbox } from '../../libs/temporal/attempt-notes.js';
import { interruptible } from '../../libs/temporal/interruptible.js';
import type { AgentDependencies } from './dependencies.js';
import { summarise } from './summarise.js';

/** Steps that the chunks of a segment prove together at most. */
const mostSteps = 100;

/** Digests that a step names by itself; more are in an artifact that it names. */
const mostEffects = 4;

/**
 * Executes a micro agent on each input of a segment and stores the report. Each chunk is committed by itself, so that a
 * later attempt goes on where this one was cut off; chunks, or several of them where there are many, are proven steps.
 *
 * @throws HeptadError as `libs/segments/run-segment` and `segment-of` do
 */
export const runSegment =
  (dependencies: AgentDependencies): AgentActivities['runSegment'] =>
  async (task) => {
    const { store, programsFolder } = dependencies;
    const report = await interruptible(async (signal) => {
      const { work, program, inputs } = await segmentOf({ ...task, store, programsFolder, signal });
      noteSandbox(wasmInForce(program.limits));
      const all = inputs.chunks.length;
      const every = Math.ceil(all / mostSteps);
      let since: Digest[] = [];
      let proven = Promise.resolve();
      const prove = async (committed: number, digests: readonly Digest[]): Promise<void> =>
        proveStep({
          milestone: `${committed} of ${all} chunks committed`,
          percent: Math.floor((99 * committed) / all),
          effects: digests.length > mostEffects ? [(await store.putJson(digests)).digest] : digests,
        });
      return await execute({
        ...{ store, inputs, signal, agent: program },
        ...{ attempts: work.attempts, tolerate: work.tolerate },
        prefix: `${segmentsPrefix(task.run)}${task.item.id}`,
        onChunk: async ({ results }, committed) => {
          since.push(results.digest);
          if (committed % every > 0 && committed < all) return;
          const digests = since;
          since = [];
          // One after another: a step must not say less than the one before.
          proven = proven.then(() => prove(committed, digests));
          await proven;
        },
      });
    });
    const outcome = await store.putJson(report);
    await proveStep({ milestone: 'report stored', percent: 100, effects: [outcome.digest] });
    return {
      item: task.item.id,
      agent: task.agent,
      outcome,
      measurements: null,
      workspace: null,
      ...(await summarise(store, outcome, task.item.rules?.facts ?? [], null)),
    };
  };
