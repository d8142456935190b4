import { z } from 'zod';
import { phaseNames } from '../protocol/phases.js';
import { sandboxInForceSchema } from './agent.js';
import { artifactRefSchema, digestSchema } from './artifact.js';
import { namedRefsSchema } from './phase.js';
import { runSummarySchema } from './run.js';

export const passes = ['A', 'B', 'C'] as const;
export type Pass = (typeof passes)[number];

/** One check of a pass. */
export const checkSchema = z.strictObject({ check: z.string(), ok: z.boolean(), says: z.string().max(2000) });

/** What a verifier found; an artifact. `passed` is true only if each of its checks is ok. */
export const verdictSchema = z.strictObject({
  version: z.literal(1),
  run: z.string(),
  phase: z.enum(phaseNames),
  round: z.int().positive(),
  pass: z.enum(passes),
  verifier: z.strictObject({ id: z.string(), version: z.string() }),
  input: z.record(z.string(), digestSchema),
  output: digestSchema,
  passed: z.boolean(),
  checks: z.array(checkSchema).min(1),
});
export type Verdict = z.infer<typeof verdictSchema>;

/** A verdict as it travels: the artifact, and what the phase must know of it. */
export const verdictRefSchema = z.strictObject({
  pass: z.enum(passes),
  passed: z.boolean(),
  verdict: artifactRefSchema,
  checks: z.int(),
  /** The first failed checks as sentences, bounded. */
  failures: z.array(z.string().max(300)).max(5),
});
export type VerdictRef = z.infer<typeof verdictRefSchema>;

/** One attempt of an activity, as the interceptor saw it. `unknown`: it began and nothing says how it ended. */
export const attemptSchema = z.strictObject({
  /** `{workflowId}:{activityId}`. */
  key: z.string(),
  activity: z.string(),
  attempt: z.int().positive(),
  /** Null where nothing was heard of the attempt: only the number of a later one says that it was made. */
  startedAt: z.string().nullable(),
  endedAt: z.string().nullable(),
  outcome: z.enum(['completed', 'failed', 'cancelled', 'unknown']),
  code: z.string().nullable(),
  worker: z.string(),
  sandbox: sandboxInForceSchema.nullable(),
});
export type Attempt = z.infer<typeof attemptSchema>;

/** The record of a phase: what went in and came out, by whom, in what confinement, and who checked it. */
export const phaseRecordSchema = z.strictObject({
  version: z.literal(1),
  run: z.string(),
  tenant: z.string(),
  phase: z.enum(phaseNames),
  round: z.int().positive(),
  input: z.record(z.string(), digestSchema),
  output: digestSchema.nullable(),
  failure: z.strictObject({ code: z.string(), message: z.string() }).nullable(),
  agents: z.array(
    z.strictObject({ item: z.string(), agent: z.string(), manifest: digestSchema, outcome: digestSchema }),
  ),
  attempts: z.strictObject({ log: artifactRefSchema, count: z.int(), unknown: z.int() }),
  timings: z.strictObject({ startedAt: z.string(), endedAt: z.string() }),
  /** Passes that ran. */
  verdicts: z.array(z.strictObject({ pass: z.enum(passes), passed: z.boolean(), verdict: digestSchema })),
  /** Passes that did not, and why. */
  notRun: z.array(z.strictObject({ pass: z.enum(passes), reason: z.string() })),
  /** Digest of the record before; null for the first. */
  previous: digestSchema.nullable(),
});
export type PhaseRecord = z.infer<typeof phaseRecordSchema>;

/** The attempt log of a phase; an artifact. */
export const attemptLogSchema = z.strictObject({ version: z.literal(1), attempts: z.array(attemptSchema) });
export type AttemptLog = z.infer<typeof attemptLogSchema>;

/** One archived history: a run of a chain of `run`, of a phase, or of what they started. */
const archivedHistorySchema = z.strictObject({
  workflowId: z.string(),
  runId: z.string(),
  type: z.string(),
  events: z.int().positive(),
  /** What its closing event says, such as `COMPLETED` or `CONTINUED_AS_NEW`. */
  closed: z.string(),
  /** Canonical JSON of the history. */
  history: artifactRefSchema,
});
export type ArchivedHistory = z.infer<typeof archivedHistorySchema>;

/** The complete histories of a run that has ended; an artifact. */
export const historyArchiveSchema = z.strictObject({
  version: z.literal(1),
  run: z.string(),
  histories: z.array(archivedHistorySchema).min(1),
});
export type HistoryArchive = z.infer<typeof historyArchiveSchema>;

/** `seal.json`: closes the evidence of a run that has ended. */
export const sealSchema = z.strictObject({
  version: z.literal(1),
  run: z.string(),
  tenant: z.string(),
  /** Temporal's closing status of `run`. */
  status: z.enum(['COMPLETED', 'FAILED', 'CANCELLED', 'TERMINATED', 'TIMED_OUT']),
  failure: z.strictObject({ code: z.string(), message: z.string() }).nullable(),
  /** `conclude` started it, or the sweep found a run that had closed without one. */
  by: z.enum(['conclude', 'sweep']),
  startedAt: z.string(),
  closedAt: z.string(),
  template: z.string(),
  subject: z.string(),
  request: digestSchema,
  decision: z.string().nullable(),
  /** Every run of every chain: `run`, then the phases; each history ends with its closing event. */
  histories: z.array(archivedHistorySchema),
  /** Records of the phases in order, as the histories name them. */
  records: namedRefsSchema,
  packageManifest: digestSchema.nullable(),
  packagePath: z.string().nullable(),
  /**
   * The run's folder: its `seal/` holds this seal and what it names. Where nothing was delivered
   * (`packageManifest` is null) there is nothing else in it.
   */
  folder: z.string(),
  /** The workflow code that these histories replay with. */
  bundle: artifactRefSchema,
});
export type Seal = z.infer<typeof sealSchema>;

/** The store's entry `seals/{run}`: a run that is answered from its seal. */
export const sealEntrySchema = z.strictObject({ seal: artifactRefSchema, summary: runSummarySchema });
export type SealEntry = z.infer<typeof sealEntrySchema>;
