import { defaultPayloadConverter } from '@temporalio/common';
import { optionalTsToDate } from '@temporalio/common/lib/time.js';
import type { temporal } from '@temporalio/proto';
import { type Decision, decisions } from '../contracts/reports/synthesis.js';
import type { RunSummary } from '../contracts/run.js';
import { runOfWorkflowId } from '../protocol/names.js';
import { type PhaseName, phaseNames } from '../protocol/phases.js';
import { searchAttribute } from '../protocol/search-attributes.js';
import { type RunFacts, runState } from '../protocol/states.js';

/** What the server says of a workflow, in lists and when it is asked for one. */
export type ExecutionInfo = temporal.api.workflow.v1.IWorkflowExecutionInfo;

/** Temporal's numbers of the statuses, from 1. */
const statuses: readonly RunFacts['status'][] = [
  'RUNNING',
  'COMPLETED',
  'FAILED',
  'CANCELLED',
  'TERMINATED',
  'CONTINUED_AS_NEW',
  'TIMED_OUT',
];

/** A run as lists show it, from what the server says of `run-{id}`. */
export function summaryOf(info: ExecutionInfo): RunSummary {
  const attribute = (key: { readonly name: string }): string | undefined => {
    const payload = info.searchAttributes?.indexedFields?.[key.name];
    const value: unknown = payload ? defaultPayloadConverter.fromPayload(payload) : undefined;
    return typeof value === 'string' ? value : undefined;
  };
  const status = statuses[(info.status ?? 0) - 1];
  if (status === undefined)
    throw new TypeError(`The server gave a status that is not known: ${info.status}.`);
  const decision = decisions.find(
    (known): known is Decision => known === attribute(searchAttribute.decision),
  );
  const phase = phaseNames.find((known): known is PhaseName => known === attribute(searchAttribute.phase));
  return {
    id: runOfWorkflowId(info.execution?.workflowId ?? '') ?? '',
    state: runState({ status, steering: attribute(searchAttribute.steering), decision }),
    tenant: attribute(searchAttribute.tenant) ?? '',
    template: attribute(searchAttribute.template) ?? '',
    subject: attribute(searchAttribute.subject) ?? null,
    phase: phase ?? null,
    decision: decision ?? null,
    startedAt: optionalTsToDate(info.startTime)?.toISOString() ?? '',
    closedAt: optionalTsToDate(info.closeTime)?.toISOString() ?? null,
  };
}

/** The digest of the request that a run was started with, as it was indexed. */
export function requestDigestOf(info: ExecutionInfo): string | undefined {
  const payload = info.searchAttributes?.indexedFields?.[searchAttribute.request.name];
  const value: unknown = payload ? defaultPayloadConverter.fromPayload(payload) : undefined;
  return typeof value === 'string' ? value : undefined;
}
