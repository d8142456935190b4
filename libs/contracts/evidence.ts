import { z } from 'zod';
import { phaseNames } from '../protocol/phases.js';
import { sandboxInForceSchema } from './agent.js';
import { artifactRefSchema, digestSchema } from './artifact.js';
import { namedRefsSchema } from './phase.js';
import { runSummarySchema } from './run.js';
import { signatureSchema } from './signature.js';

export const passes = ['A', 'B', 'C'] as const;
export type Pass = (typeof passes)[number];

/** One check of a pass. */
export const checkSchema = z.strictObject({ check: z.string(), ok: z.boolean(), says: z.string().max(2000) });

/** Seeded faults of a kind, and how many of them the pass saw: pass C measures the verifiers with them. */
export const faultTallySchema = z.strictObject({
  kind: z.string(),
  pass: z.enum(passes),
  seeded: z.int().positive(),
  caught: z.int().nonnegative(),
});
export type FaultTally = z.infer<typeof faultTallySchema>;

/**
 * What a verifier found; an artifact, signed by the verifier of its pass. `passed` is true only if each of its checks
 * is ok.
 */
export const verdictSchema = z.strictObject({
  version: z.literal(1),
  run: z.string(),
  phase: z.enum(phaseNames),
  round: z.int().positive(),
  pass: z.enum(passes),
  /** `program` is the digest of the program that judged. */
  verifier: z.strictObject({ id: z.string(), version: z.string(), program: digestSchema }),
  input: z.record(z.string(), digestSchema),
  output: digestSchema,
  passed: z.boolean(),
  checks: z.array(checkSchema).min(1),
  /** Pass C only; else empty. */
  faults: z.array(faultTallySchema),
  /**
   * A and B differ on what an agent made that declares itself not reproducible: that is for a person to settle.
   * Such a verdict has not passed.
   */
  disagrees: z.boolean(),
  signature: signatureSchema,
});
export type Verdict = z.infer<typeof verdictSchema>;

/** A verdict as it travels: the artifact, and what the phase must know of it. */
export const verdictRefSchema = z.strictObject({
  pass: z.enum(passes),
  passed: z.boolean(),
  verdict: artifactRefSchema,
  checks: z.int(),
  disagrees: z.boolean(),
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
  /** Digest of the last step that it proved; null where it proved none. */
  lastStep: digestSchema.nullable(),
});
export type Attempt = z.infer<typeof attemptSchema>;

/**
 * The record of a phase: what went in and came out, by whom, in what confinement, and who checked it. An artifact,
 * signed by the producer; `previous` makes a hash chain of a run's records.
 */
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
  /** Of N seeded faults of each kind, how many were caught: as pass C measured. */
  faults: z.array(faultTallySchema),
  /** Digest of the waiver by which a person let it go on although a pass failed; null where none was needed. */
  waiver: digestSchema.nullable(),
  /** Passes that did not, and why. */
  notRun: z.array(z.strictObject({ pass: z.enum(passes), reason: z.string() })),
  /** Digest of the record before; null for the first. */
  previous: digestSchema.nullable(),
  signature: signatureSchema,
});
export type PhaseRecord = z.infer<typeof phaseRecordSchema>;

/**
 * A proof of progress: one step of a long activity, signed by the process that made it. The steps of an activity form
 * one chain over all its attempts.
 */
export const stepSchema = z.strictObject({
  version: z.literal(1),
  /** `{workflowId}:{activityId}`. */
  key: z.string(),
  attempt: z.int().positive(),
  /** From 1, without gaps over the attempts. */
  number: z.int().positive(),
  /** Digest of the step before; null for the first. */
  previous: digestSchema.nullable(),
  at: z.string(),
  milestone: z.string(),
  /** 0 to 100; never less than in the step before. */
  percent: z.number().min(0).max(100),
  /** Digest of the state from which the activity can go on, where it has one. */
  checkpoint: digestSchema.nullable(),
  /** Digests of what it stored so far for others, where it did. */
  effects: z.array(digestSchema),
  signature: signatureSchema,
});
export type Step = z.infer<typeof stepSchema>;

/** The attempt log of a phase, and the steps that its long activities proved, by activity; an artifact. */
export const attemptLogSchema = z.strictObject({
  version: z.literal(1),
  attempts: z.array(attemptSchema),
  steps: z.array(stepSchema),
});
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

/** One file of the seal, beside `seal.json` itself, sorted by path. */
export const sealedFileSchema = z.strictObject({
  path: z.string(),
  size: z.int().nonnegative(),
  sha256: z.string().length(64),
});

/** `seal/seal.json`: closes the evidence of a run that has ended. Signed with the release key. */
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
  /** Digest of the last record: the head of the chain. Null where no phase wrote one. */
  head: digestSchema.nullable(),
  packageManifest: digestSchema.nullable(),
  packagePath: z.string().nullable(),
  /** Digest of the receipt, `delivery.json`; null where nothing was delivered. */
  receipt: digestSchema.nullable(),
  /** Receipts of what was delivered elsewhere (`DeliveryReceipt`), in the order in which that was done. */
  deliveries: z.array(digestSchema),
  /** Digest of the template, and of the manifest of each agent that worked. */
  templateDigest: digestSchema.nullable(),
  manifests: z.array(z.strictObject({ agent: z.string(), manifest: digestSchema })),
  /** Every file of `seal/` and `histories/` but `seal.json`. */
  files: z.array(sealedFileSchema),
  /**
   * The run's folder: its `seal/` holds this seal and what it names. Where nothing was delivered
   * (`packageManifest` is null) there is nothing else in it.
   */
  folder: z.string(),
  /** The workflow code that these histories replay with. */
  bundle: artifactRefSchema,
  signature: signatureSchema,
});
export type Seal = z.infer<typeof sealSchema>;

/** The store's entry `seals/{run}`: a run that is answered from its seal. */
export const sealEntrySchema = z.strictObject({ seal: artifactRefSchema, summary: runSummarySchema });
export type SealEntry = z.infer<typeof sealEntrySchema>;

/** The store's entry `refusals/{run}`: why a run that has ended is not sealed. */
export const refusalSchema = z.strictObject({
  version: z.literal(1),
  run: z.string(),
  at: z.string(),
  problems: z.array(z.string()).min(1),
  /** The histories, and the records that could be read: they are kept for whoever looks into it. */
  archive: digestSchema,
  records: z.array(digestSchema),
});
export type Refusal = z.infer<typeof refusalSchema>;

/**
 * The store's entry `deletions/{run}`: the archive of a run was deleted because it was older than the policy keeps
 * archives. Signed with the release key.
 */
export const deletionSchema = z.strictObject({
  version: z.literal(1),
  run: z.string(),
  tenant: z.string(),
  /** Digest of the seal that was deleted. */
  seal: digestSchema,
  /** When the run closed. */
  closedAt: z.string(),
  at: z.string(),
  /** Such as `90 days`: what `HEPTAD_RETENTION` said. */
  policy: z.string(),
  /** User and host of the process that deleted it. */
  by: z.string(),
  what: z.array(z.enum(['seal', 'package', 'attempts'])).min(1),
  signature: signatureSchema,
});
export type Deletion = z.infer<typeof deletionSchema>;
