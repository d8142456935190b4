import type { RunSummary } from '../contracts/run.js';
import { HeptadError } from '../protocol/errors.js';
import { workflowType } from '../protocol/names.js';
import { searchAttribute } from '../protocol/search-attributes.js';
import type { RunState } from '../protocol/states.js';
import type { Engine } from './connect.js';
import { summaryOf } from './run-summary.js';

/** Which runs, and how many. Values are compared whole. */
export interface RunFilter {
  readonly state?: RunState | undefined;
  readonly template?: string | undefined;
  readonly tenant?: string | undefined;
}

const { decision, steering, template, tenant, run } = searchAttribute;

/** What a state means in the index; the reverse of `runState`. */
const conditions: Readonly<Record<RunState, string>> = {
  running: `ExecutionStatus = 'Running' AND ${steering.name} = 'running'`,
  waiting: `ExecutionStatus = 'Running' AND ${steering.name} = 'waiting'`,
  pausing: `ExecutionStatus = 'Running' AND ${steering.name} = 'pausing'`,
  paused: `ExecutionStatus = 'Running' AND ${steering.name} = 'paused'`,
  completed: `ExecutionStatus = 'Completed' AND (${decision.name} IS NULL OR ${decision.name} != 'CONDITIONAL_PROCEED')`,
  'completed-conditionally': `ExecutionStatus = 'Completed' AND ${decision.name} = 'CONDITIONAL_PROCEED'`,
  blocked: `ExecutionStatus = 'Failed' AND ${decision.name} = 'BLOCK'`,
  failed: `ExecutionStatus = 'Failed' AND (${decision.name} IS NULL OR ${decision.name} != 'BLOCK')`,
  cancelled: `ExecutionStatus = 'Canceled'`,
  terminated: `ExecutionStatus = 'Terminated'`,
  'timed-out': `ExecutionStatus = 'TimedOut'`,
};

/**
 * A page of the runs that the server knows, open ones first, then the latest; at most `limit`.
 *
 * @param page where the page before ended, as it said
 * @throws HeptadError `EngineUnreachable`
 */
export async function listRuns(
  engine: Engine,
  filter: RunFilter,
  limit: number,
  page?: Uint8Array,
): Promise<{ runs: RunSummary[]; next: Uint8Array | undefined }> {
  const { executions, nextPageToken } = await engine.call(() =>
    engine.client.workflowService.listWorkflowExecutions({
      namespace: engine.namespace,
      pageSize: limit,
      nextPageToken: page ?? null,
      query: queryOf(filter),
    }),
  );
  return { runs: (executions ?? []).map(summaryOf), next: nextPageToken?.length ? nextPageToken : undefined };
}

/** Which of some runs the server still knows. */
export async function knownRuns(engine: Engine, ids: readonly string[]): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  const { executions } = await engine.call(() =>
    engine.client.workflowService.listWorkflowExecutions({
      namespace: engine.namespace,
      pageSize: ids.length,
      query: `WorkflowType = '${workflowType.run}' AND ${run.name} IN (${ids.map(quoted).join(', ')})`,
    }),
  );
  return new Set((executions ?? []).map((info) => summaryOf(info).id));
}

const queryOf = (filter: RunFilter): string =>
  [
    `WorkflowType = '${workflowType.run}'`,
    `${run.name} IS NOT NULL`,
    ...(filter.state === undefined ? [] : [conditions[filter.state]]),
    ...(filter.template === undefined ? [] : [`${template.name} = ${quoted(filter.template)}`]),
    ...(filter.tenant === undefined ? [] : [`${tenant.name} = ${quoted(filter.tenant)}`]),
  ].join(' AND ');

/** A string of the query language. What could end it early is no part of a name that we give. */
function quoted(value: string): string {
  if (!/^[\w.@/-]*$/.test(value))
    throw new HeptadError('InputInvalid', `${JSON.stringify(value)} is no name.`);
  return `'${value}'`;
}
