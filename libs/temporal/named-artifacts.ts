import { defaultPayloadConverter } from '@temporalio/common';
import { z } from 'zod';
import type { ArtifactRef, NamedArtifact } from '../contracts/artifact.js';
import { verdictRefSchema } from '../contracts/evidence.js';
import { itemResultSchema } from '../contracts/graph.js';
import { type RunRequest, runRequestSchema } from '../contracts/request.js';
import type { PhaseName } from '../protocol/phases.js';
import type { ChainEvent } from './chains.js';
import type { PhaseReading } from './phase-histories.js';
import { itemOf } from './to-run-event.js';

/** The request as it was accepted, from the first event of `run`. */
export const requestOf = (history: readonly ChainEvent[]): ArtifactRef | undefined =>
  runRequestOf(history)?.request;

/** What `run` was started with, from its first event. */
export function runRequestOf(history: readonly ChainEvent[]): RunRequest | undefined {
  const [payload] = history[0]?.event.workflowExecutionStartedEventAttributes?.input?.payloads ?? [];
  return runRequestSchema.safeParse(payload ? defaultPayloadConverter.fromPayload(payload) : undefined).data;
}

/** Outcome and record of a phase, each by the name that people know it by. */
export function phaseArtifacts({ view, outcome, record }: PhaseReading): NamedArtifact[] {
  return [...named(`${view.phase}/outcome.json`, outcome), ...named(`${view.phase}/record.json`, record)];
}

const executedSchema = z.union([
  verdictRefSchema.transform((verdict) => ({ verdict })),
  itemResultSchema.transform((result) => ({ result })),
]);

/**
 * What the activities of a phase committed: verdicts, by pass, and outcomes of items. What an execution did again
 * carries its number.
 */
export function committedArtifacts(phase: PhaseName, history: readonly ChainEvent[]): NamedArtifact[] {
  const activities = new Map<string, string>();
  const times = new Map<string, number>();
  const unique = (name: string): string => {
    const before = times.get(name) ?? 0;
    times.set(name, before + 1);
    return `${phase}/${name}${before === 0 ? '' : `-${before + 1}`}`;
  };
  return history.flatMap(({ chain, event }) => {
    const activityId = event.activityTaskScheduledEventAttributes?.activityId;
    if (activityId) activities.set(`${chain}.${event.eventId}`, itemOf(activityId));
    const completed = event.activityTaskCompletedEventAttributes;
    const [payload] = completed?.result?.payloads ?? [];
    if (!completed || !payload) return [];
    const { data } = executedSchema.safeParse(defaultPayloadConverter.fromPayload(payload));
    if (!data) return [];
    if ('verdict' in data) {
      const name = unique(`verdict-${data.verdict.pass}`);
      return named(`${name}.json`, data.verdict.verdict);
    }
    const name = unique(activities.get(`${chain}.${completed.scheduledEventId}`) ?? data.result.item);
    return [
      ...named(`${name}.json`, data.result.outcome),
      ...named(`${name}.measurements.json`, data.result.measurements),
    ];
  });
}

const named = (name: string, ref: ArtifactRef | null): NamedArtifact[] => (ref ? [{ name, ...ref }] : []);
