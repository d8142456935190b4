import type { TextPart } from '../../libs/contracts/activities.js';
import type { ArtifactRef } from '../../libs/contracts/artifact.js';
import type { ItemResult, WorkGraph } from '../../libs/contracts/graph.js';
import type { PhaseInput } from '../../libs/contracts/phase.js';
import type { GraphState } from '../../libs/graph/schedule.js';

/** What execute is given. */
export interface ExecuteInput extends PhaseInput {
  readonly input: { readonly accepted: ArtifactRef; readonly assignment: ArtifactRef };
  /** Null where it is too large for a payload: it is read from the assignment. */
  readonly graph: WorkGraph | null;
  /** Results of an earlier run that are not done again. */
  readonly reused?: readonly ItemResult[];
  /** Events of history after which it continues as new, where that is not left to Temporal's suggestion. */
  readonly continueAfter?: number;
  /** Where the run before in the chain left off: the state or, where that is large, its JSON in parts. */
  readonly state?: GraphState | readonly TextPart[];
  /** Ids of the updates that runs before in the chain have handled; the last 100. */
  readonly handled?: readonly string[];
}
