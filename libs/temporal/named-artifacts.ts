import { defaultPayloadConverter } from '@temporalio/common';
import { z } from 'zod';
import type { ArtifactRef } from '../contracts/artifact.js';
import { verdictRefSchema } from '../contracts/evidence.js';
import { itemResultSchema } from '../contracts/graph.js';
import { type RunRequest, runRequestSchema } from '../contracts/request.js';
import type { RunArtifact } from '../contracts/run.js';
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

/** An artifact that is there once. */
export const single = (name: string, ref: ArtifactRef | null | undefined): RunArtifact[] =>
  ref ? [{ name, ...ref, version: 1, latest: true }] : [];

/** Outcome and record of a phase, each by the name that people know it by. */
export function phaseArtifacts({ view, outcome, record }: PhaseReading): RunArtifact[] {
  return [...single(`${view.phase}/outcome.json`, outcome), ...single(`${view.phase}/record.json`, record)];
}

const executedSchema = z.union([
  verdictRefSchema.transform((verdict) => ({ verdict })),
  itemResultSchema.transform((result) => ({ result })),
]);

/**
 * What the activities of a phase committed: verdicts, by pass, and outcomes of items, in the order of the history. What
 * was done again has the number of its version in its name.
 */
export function committedArtifacts(phase: PhaseName, history: readonly ChainEvent[]): RunArtifact[] {
  const versions = new Versions(phase);
  const activities = new Map<string, string>();
  for (const { chain, event } of history) {
    const activityId = event.activityTaskScheduledEventAttributes?.activityId;
    if (activityId) activities.set(`${chain}.${event.eventId}`, itemOf(activityId));
    const completed = event.activityTaskCompletedEventAttributes;
    const [payload] = completed?.result?.payloads ?? [];
    if (!completed || !payload) continue;
    const { data } = executedSchema.safeParse(defaultPayloadConverter.fromPayload(payload));
    if (!data) continue;
    if ('verdict' in data) versions.add(`verdict-${data.verdict.pass}`, { '.json': data.verdict.verdict });
    else
      versions.add(activities.get(`${chain}.${completed.scheduledEventId}`) ?? data.result.item, {
        '.json': data.result.outcome,
        '.measurements.json': data.result.measurements,
      });
  }
  return versions.all();
}

/** What a phase committed, of which some was committed again. */
class Versions {
  readonly #latest = new Map<string, number>();
  readonly #added: { readonly base: string; readonly artifact: Omit<RunArtifact, 'latest'> }[] = [];

  constructor(private readonly phase: PhaseName) {}

  add(base: string, files: Readonly<Record<string, ArtifactRef | null>>): void {
    const version = (this.#latest.get(base) ?? 0) + 1;
    this.#latest.set(base, version);
    const name = `${this.phase}/${base}${version === 1 ? '' : `-${version}`}`;
    for (const [suffix, ref] of Object.entries(files))
      if (ref) this.#added.push({ base, artifact: { name: `${name}${suffix}`, ...ref, version } });
  }

  all(): RunArtifact[] {
    return this.#added.map(({ base, artifact }) => ({
      ...artifact,
      latest: artifact.version === this.#latest.get(base),
    }));
  }
}
