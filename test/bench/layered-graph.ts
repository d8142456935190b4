import type { GraphItem, WorkGraph } from '../../libs/contracts/graph.js';
import { agentItem, graphOf } from '../support/activity-doubles.js';

/** Levels of items, each of which needs all of the level before. */
export function levelsOf(levels: number, width: number): GraphItem[][] {
  const idsOf = (level: number): string[] =>
    level < 0 ? [] : Array.from({ length: width }, (_, at) => `item-${level}-${at}`);
  return Array.from({ length: levels }, (_, level) =>
    idsOf(level).map((id) => agentItem(id, { after: idsOf(level - 1) })),
  );
}

/** @param parallel how many of them may run at once */
export const layered = (levels: readonly GraphItem[][], parallel: number): WorkGraph => ({
  ...graphOf(...levels.flat()),
  parallel,
});
