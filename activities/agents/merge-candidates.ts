import type { AgentActivities } from '../../libs/contracts/activities.js';
import { proveStep } from '../../libs/evidence/progress.js';
import { keptEvaluations } from '../../libs/merge/kept-evaluations.js';
import { mergeCandidates as merge } from '../../libs/merge/merge-candidates.js';
import { interruptible } from '../../libs/temporal/interruptible.js';
import type { AgentDependencies } from './dependencies.js';

/**
 * Crosses the candidates' parts to Model D and stores its report. Each combination that was tested is kept, so that a
 * later attempt goes on where this one was cut off, and each generation is a proven step.
 *
 * @throws HeptadError as `libs/merge/merge-candidates` does
 */
export const mergeCandidates =
  (dependencies: AgentDependencies): AgentActivities['mergeCandidates'] =>
  async (input) => {
    const { store } = dependencies;
    const report = await interruptible((signal) =>
      merge(
        input,
        { ...dependencies, signal },
        {
          kept: keptEvaluations(store, input.run),
          onGeneration: (evaluations, most, effects) =>
            proveStep({
              milestone: `${evaluations} of at most ${most} combinations tested`,
              percent: Math.floor((100 * evaluations) / most),
              effects,
            }),
        },
      ),
    );
    return { merged: await store.putJson(report), summary: report.result.says.slice(0, 200) };
  };
