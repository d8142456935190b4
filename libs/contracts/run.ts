import { z } from 'zod';
import { phaseNames } from '../protocol/phases.js';
import { runStates } from '../protocol/states.js';
import { namedArtifactSchema } from './artifact.js';
import { itemStatuses } from './graph.js';
import { decisions } from './reports/synthesis.js';
import { continuedFromSchema } from './resumption.js';
import { awaitedWaiverSchema } from './waiver.js';
import { workViewSchema } from './work.js';

export const failureSchema = z.strictObject({ code: z.string(), message: z.string() });

export const phaseViewSchema = z.strictObject({
  phase: z.enum(phaseNames),
  state: z.enum(['pending', 'running', 'completed', 'failed', 'cancelled', 'terminated', 'timed-out']),
  startedAt: z.string().nullable(),
  endedAt: z.string().nullable(),
  summary: z.string().nullable(),
  failure: failureSchema.nullable(),
});
export type PhaseView = z.infer<typeof phaseViewSchema>;

export const itemViewSchema = z.strictObject({
  id: z.string(),
  title: z.string(),
  category: z.string(),
  status: z.enum(itemStatuses),
  agent: z.string().nullable(),
  candidate: z.string().nullable(),
  summary: z.string().nullable(),
  code: z.string().nullable(),
  startedAt: z.string().nullable(),
  endedAt: z.string().nullable(),
  /** What a running item proved last, in a signed step; null where it proved none, or does not run. */
  progress: z
    .strictObject({
      milestone: z.string(),
      percent: z.number().min(0).max(100),
      /** What its program says of its work since: JSON, at most 2 KB. Ephemeral, and no evidence; null where it says nothing. */
      partial: z.unknown(),
    })
    .nullable(),
});

/** A run as lists show it. */
export const runSummarySchema = z.strictObject({
  id: z.string(),
  state: z.enum(runStates),
  tenant: z.string(),
  template: z.string(),
  subject: z.string().nullable(),
  phase: z.enum(phaseNames).nullable(),
  decision: z.enum(decisions).nullable(),
  startedAt: z.string(),
  closedAt: z.string().nullable(),
});
export type RunSummary = z.infer<typeof runSummarySchema>;

/** A run in full. */
export const runViewSchema = runSummarySchema.extend({
  failure: failureSchema.nullable(),
  /** The run that it goes on from, and how; null where it started anew. */
  from: continuedFromSchema.nullable(),
  phases: z.array(phaseViewSchema),
  /** The items of execute; null with a reason where they need a worker and none answers. */
  items: z.array(itemViewSchema).nullable(),
  itemsUnavailable: z.string().nullable(),
  /** How the work of execute stands; null where that is not known. */
  work: workViewSchema.nullable(),
  /** What it waits for a person to waive; null where it waits for nothing, or where no worker says. */
  awaits: awaitedWaiverSchema.nullable(),
  sealed: z.boolean(),
  /** Why its evidence was not sealed, as sentences: it does not hold. Null where it was not refused. */
  sealRefused: z.array(z.string()).nullable(),
  /** Path of the delivered package on the service's host. */
  package: z.string().nullable(),
  links: z.strictObject({
    self: z.string(),
    events: z.string(),
    artifacts: z.string(),
    temporal: z.string().nullable(),
  }),
});
export type RunView = z.infer<typeof runViewSchema>;

export const runListSchema = z.strictObject({ runs: z.array(runSummarySchema), next: z.string().nullable() });

/** An artifact of a run. What was done more than once has a version for each time, from 1 on. */
export const runArtifactSchema = namedArtifactSchema.extend({
  version: z.int().positive(),
  /** Whether no later version of it is there. */
  latest: z.boolean(),
});
export type RunArtifact = z.infer<typeof runArtifactSchema>;

export const runArtifactsSchema = z.strictObject({ artifacts: z.array(runArtifactSchema) });

/** The answer to `POST /v1/runs`. */
export const runAcceptedSchema = z.strictObject({
  id: z.string(),
  state: z.enum(runStates),
  self: z.string(),
});
export type RunAccepted = z.infer<typeof runAcceptedSchema>;

/**
 * One event of a run, derived from its histories. `id` is a cursor over all of them: who comes back with it
 * misses nothing and gets nothing twice.
 */
export const runEventSchema = z.strictObject({
  id: z.string(),
  at: z.string(),
  kind: z.enum([
    'run-started',
    'run-closed',
    'phase-started',
    'phase-closed',
    'activity-scheduled',
    'activity-started',
    'activity-completed',
    'activity-failed',
    'items-changed',
    'steering',
    'sealed',
  ]),
  phase: z.enum(phaseNames).nullable(),
  /** Item or verb of the activity, as in its activity id. */
  item: z.string().nullable(),
  says: z.string(),
  failure: failureSchema.nullable(),
  /** Transitions of items that no activity tells; else left out. */
  changes: z
    .array(z.strictObject({ item: z.string(), status: z.string(), code: z.string().nullable() }))
    .optional(),
});
export type RunEvent = z.infer<typeof runEventSchema>;

/**
 * How far an item is that runs now. Ephemeral: it has no id, is sent only to who follows at that moment, and nothing
 * keeps it.
 */
export const itemProgressedSchema = runEventSchema.omit({ id: true, changes: true }).extend({
  kind: z.literal('item-progressed'),
  item: z.string(),
  progress: itemViewSchema.shape.progress.unwrap(),
});
export type ItemProgressed = z.infer<typeof itemProgressedSchema>;

/** What the stream of a run's events carries. */
export const streamedEventSchema = z.union([runEventSchema, itemProgressedSchema]);
export type StreamedEvent = z.infer<typeof streamedEventSchema>;
