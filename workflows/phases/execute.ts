import { proxyLocalActivities } from '@temporalio/workflow';
import type { CoordinationActivities } from '../../libs/contracts/activities.js';
import type { ArtifactRef } from '../../libs/contracts/artifact.js';
import type { WorkGraph } from '../../libs/contracts/graph.js';
import type { PhaseInput } from '../../libs/contracts/phase.js';
import { type GraphState, results, unfinished } from '../../libs/graph/schedule.js';
import { effects } from '../../libs/protocol/effects.js';
import { interpret } from '../graph/interpret.js';
import { phase } from './phase.js';

const { collectItems } = proxyLocalActivities<CoordinationActivities>({
  startToCloseTimeout: '1 minute',
  scheduleToCloseTimeout: '1 day',
  retry: effects.guarded,
});

export interface ExecuteInput extends PhaseInput {
  readonly input: { readonly accepted: ArtifactRef; readonly assignment: ArtifactRef };
  readonly graph: WorkGraph;
  /** Events of history after which it continues as new, where that is not left to Temporal's suggestion. */
  readonly continueAfter?: number;
  /** Where the run before in the chain left off. */
  readonly state?: GraphState;
}

/** Interprets the work graph, candidates and validation included. */
export const execute = phase<ExecuteInput>('execute', {
  work: async (input, { startedAt }) => {
    const state = await interpret(input, startedAt);
    return await collectItems({
      run: input.run.run,
      graph: state.graph,
      results: results(state),
      unfinished: unfinished(state),
    });
  },
});
