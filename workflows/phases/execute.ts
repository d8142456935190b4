import { proxyLocalActivities } from '@temporalio/workflow';
import type { CoordinationActivities } from '../../libs/contracts/activities.js';
import { results, unfinished } from '../../libs/graph/schedule.js';
import { effects } from '../../libs/protocol/effects.js';
import type { ExecuteInput } from '../graph/execute-input.js';
import { interpret } from '../graph/interpret.js';
import { phase } from './phase.js';

const { collectItems } = proxyLocalActivities<CoordinationActivities>({
  startToCloseTimeout: '1 minute',
  scheduleToCloseTimeout: '1 day',
  retry: effects.guarded,
});

/** Interprets the work graph, candidates and validation included. */
export const execute = phase<ExecuteInput>('execute', {
  work: async (input, { startedAt }) => {
    const state = await interpret(input, startedAt);
    return await collectItems({
      run: input.run.run,
      graph: state.graph,
      results: results(state),
      unfinished: unfinished(state),
      ...(state.ledger ? { ledger: state.ledger } : {}),
    });
  },
});
