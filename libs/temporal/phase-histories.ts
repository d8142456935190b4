import { defaultPayloadConverter } from '@temporalio/common';
import { z } from 'zod';
import { type ArtifactRef, artifactRefSchema } from '../contracts/artifact.js';
import type { PhaseView } from '../contracts/run.js';
import { workflowId } from '../protocol/names.js';
import { type PhaseName, phaseNames } from '../protocol/phases.js';
import { type ChainEvent, isoTimeOf } from './chains.js';
import { readFailure } from './read-failure.js';

/** What `run` knows of a phase: how it stands, and what it handed on. */
export interface PhaseReading {
  readonly view: PhaseView;
  /** What it staged; null where it has not completed. */
  readonly outcome: ArtifactRef | null;
  /** Small values that it handed on beside. */
  readonly facts: unknown;
  /** Its record; of a failed phase too, where it could be written. */
  readonly record: ArtifactRef | null;
}

const resultSchema = z.object({
  outcome: artifactRefSchema,
  summary: z.string(),
  facts: z.unknown(),
  record: artifactRefSchema,
});

const pending = (phase: PhaseName): PhaseReading => ({
  view: { phase, state: 'pending', startedAt: null, endedAt: null, summary: null, failure: null },
  outcome: null,
  facts: null,
  record: null,
});

/** The seven phases in order, as the history of `run` tells of them. */
export function readPhases(run: string, history: readonly ChainEvent[]): PhaseReading[] {
  const readings = new Map(phaseNames.map((phase) => [phase, pending(phase)]));
  for (const from of history) {
    const change = changeOf(from);
    const phase = phaseNames.find((name) => workflowId.phase(run, name) === change?.workflowId);
    const before = phase && readings.get(phase);
    if (!phase || !before || !change) continue;
    readings.set(phase, { ...before, ...change.handedOn, view: { ...before.view, ...change.view } });
  }
  return [...readings.values()];
}

interface Change {
  readonly workflowId: string | null | undefined;
  readonly view: Partial<PhaseView>;
  readonly handedOn?: Partial<Omit<PhaseReading, 'view'>>;
}

function changeOf(from: ChainEvent): Change | undefined {
  const { event } = from;
  const at = isoTimeOf(from);
  const started = event.childWorkflowExecutionStartedEventAttributes;
  if (started)
    return { workflowId: started.workflowExecution?.workflowId, view: { state: 'running', startedAt: at } };
  const completed = event.childWorkflowExecutionCompletedEventAttributes;
  if (completed) {
    const [payload] = completed.result?.payloads ?? [];
    const result = resultSchema.safeParse(payload ? defaultPayloadConverter.fromPayload(payload) : undefined);
    return {
      workflowId: completed.workflowExecution?.workflowId,
      view: { state: 'completed', endedAt: at, summary: result.data?.summary ?? null },
      ...(result.success
        ? { handedOn: { outcome: result.data.outcome, facts: result.data.facts, record: result.data.record } }
        : {}),
    };
  }
  const failed = event.childWorkflowExecutionFailedEventAttributes;
  if (failed) {
    const failure = readFailure(failed.failure);
    const [payload] = failed.failure?.applicationFailureInfo?.details?.payloads ?? [];
    const record = artifactRefSchema.safeParse(
      payload ? defaultPayloadConverter.fromPayload(payload) : undefined,
    );
    return {
      workflowId: failed.workflowExecution?.workflowId,
      view: { state: failure.code === 'Cancelled' ? 'cancelled' : 'failed', endedAt: at, failure },
      handedOn: { record: record.data ?? null },
    };
  }
  const ends = [
    [event.childWorkflowExecutionCanceledEventAttributes, 'cancelled'],
    [event.childWorkflowExecutionTerminatedEventAttributes, 'terminated'],
    [event.childWorkflowExecutionTimedOutEventAttributes, 'timed-out'],
  ] as const;
  for (const [attributes, state] of ends)
    if (attributes)
      return { workflowId: attributes.workflowExecution?.workflowId, view: { state, endedAt: at } };
  return undefined;
}

/**
 * The phases of a run that has ended. A run that was terminated did not hear how its phases ended, but they did with
 * it.
 */
export const afterTheEnd = (
  phases: readonly PhaseReading[],
  state: PhaseView['state'],
  at: string,
): PhaseReading[] =>
  phases.map((phase) =>
    phase.view.state === 'running' ? { ...phase, view: { ...phase.view, state, endedAt: at } } : phase,
  );
