/** An activity, as its entries in the store are named by. */
export interface ActivityName {
  readonly run: string;
  readonly workflowId: string;
  readonly activityId: string;
}

/**
 * The id by which the log knows an activity. Local activities have none of their own, only a number within the run
 * of their workflow.
 */
export const loggedActivityId = (info: {
  activityId: string;
  activityType: string;
  isLocal: boolean;
}): string => (info.isLocal ? `${info.activityType}.local-${info.activityId}` : info.activityId);

/** What the names of all entries of a run's activities begin with. */
export const runPrefix = (run: string): string => `attempts/${run}/`;

/** What the names of all entries of a workflow's activities begin with. */
export const workflowPrefix = (run: string, workflowId: string): string =>
  // An entry's segment has no slash; a workflow id has no underscore.
  `${runPrefix(run)}${workflowId.replaceAll('/', '_')}/`;

/** What the names of all entries of an activity begin with. */
export const activityPrefix = ({ run, workflowId, activityId }: ActivityName): string =>
  `${workflowPrefix(run, workflowId)}${activityId}/`;
