import { type DoneItem, takenOver } from '../continuation/kept-results.js';
import type { ItemResult, WorkGraph } from '../contracts/graph.js';
import type { Resumption } from '../contracts/resumption.js';

/**
 * The results of an earlier run that are not done again under a plan. An item whose agent would not be asked today, or is
 * another one under its name, is done again, and so is all that depends on it. Pure.
 */
export function reusedResults(plan: WorkGraph, { run, results }: Resumption): ItemResult[] {
  let reused = results.map((result): ItemResult => ({ reusedFrom: run, ...result }));
  for (;;) {
    const kept = takenOver(plan, reused)
      .filter(isOfAssigned)
      .map(({ result }) => result);
    if (kept.length === reused.length) return kept;
    reused = kept;
  }
}

const isOfAssigned = ({ item, result: { agent } }: DoneItem): boolean =>
  agent === null || item.agents.some(({ id, manifest }) => id === agent.id && manifest === agent.manifest);
