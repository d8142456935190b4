import type { GraphActivities } from '../../libs/contracts/activities.js';
import { assignmentSchema } from '../../libs/contracts/phase.js';
import type { GraphDependencies } from './dependencies.js';

/**
 * Reads a part of a planned graph that is too large for one payload.
 *
 * @throws HeptadError `ArtifactUnknown`, `ArtifactCorrupt`, `InputInvalid` it is no assignment
 */
export const readPlan =
  ({ store }: GraphDependencies): GraphActivities['readPlan'] =>
  async ({ assignment, from, count }) => {
    const { graph, reused = [] } = await store.getJson(assignment.digest, assignmentSchema);
    const part = reused.slice(from, from + count);
    return {
      graph: { ...graph, items: graph.items.slice(from, from + count) },
      ...(part.length > 0 ? { reused: part } : {}),
      total: Math.max(graph.items.length, reused.length),
    };
  };
