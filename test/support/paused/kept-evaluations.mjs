import * as shipped from '../../../dist/libs/merge/kept-evaluations.js';
import { note, pause } from './pause.mjs';

export * from '../../../dist/libs/merge/kept-evaluations.js';

/** Notes each combination that was tested, and stands still when the first result is kept. */
export function keptEvaluations(store, run) {
  const kept = shipped.keptEvaluations(store, run);
  return {
    ...kept,
    keep: async (workspace, validated) => {
      note(import.meta.url, 'tested', workspace);
      await kept.keep(workspace, validated);
      await pause(import.meta.url, 'merge-under-way');
    },
  };
}
