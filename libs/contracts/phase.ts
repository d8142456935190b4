import { z } from 'zod';
import { phaseNames } from '../protocol/phases.js';
import { grantSchema, sandboxInForceSchema } from './agent.js';
import { artifactRefSchema, digestSchema, namedArtifactSchema } from './artifact.js';
import { controlFileSchema } from './control-files.js';
import { agentRefSchema, itemResultSchema, unfinishedItemSchema, workGraphSchema } from './graph.js';
import { classificationSchema, parsedRequestSchema, type RunRequest } from './request.js';
import { capturedSubjectSchema, dependenciesSchema, snapshotRefSchema, testPlanSchema } from './subject.js';

/** Artifacts by the name that the phase knows them by. */
export const namedRefsSchema = z.record(z.string(), artifactRefSchema);
export type NamedRefs = z.infer<typeof namedRefsSchema>;

/** What a phase's work stages: its outcome, and one line for people. Nothing has left Heptad yet. */
export interface Staged<Facts = null> {
  readonly outcome: z.infer<typeof artifactRefSchema>;
  readonly summary: string;
  /** Small values that the workflow itself needs. */
  readonly facts: Facts;
}

/** What each phase is given. */
export interface PhaseInput {
  readonly run: RunRequest;
  /** What it works on, by name; the record lists their digests. */
  readonly input: NamedRefs;
  /** How long it waits for a person where a pass failed, in milliseconds; 0: it does not. */
  readonly waiverWindowMs: number;
  /** The record of the phase before. */
  readonly previous: z.infer<typeof artifactRefSchema> | null;
}

/** What a phase hands on. */
export interface PhaseResult<Facts = null> extends Staged<Facts> {
  readonly phase: (typeof phaseNames)[number];
  readonly record: z.infer<typeof artifactRefSchema>;
}

/** Outcome of ingest. */
export const acceptedRequestSchema = z.strictObject({
  kind: z.literal('accepted'),
  request: parsedRequestSchema,
  captured: capturedSubjectSchema,
  classification: classificationSchema,
  /** Security checks by name, each with what was looked at. */
  checks: z.array(z.strictObject({ check: z.string(), says: z.string() })),
});
export type AcceptedRequest = z.infer<typeof acceptedRequestSchema>;

/** Who was chosen for each item, before the probes: the artifact between assign's activities. */
export const assignedAgentsSchema = z.strictObject({
  /** The health by which they were chosen, of each agent that has one. */
  health: z.record(z.string(), z.enum(['healthy', 'degraded', 'failing'])),
  /** For each item and candidate: the agents that can do it, best first, and why. */
  items: z.array(
    z.strictObject({
      item: z.string(),
      capability: z.string(),
      agents: z.array(agentRefSchema),
      why: z.string(),
    }),
  ),
});
export type AssignedAgents = z.infer<typeof assignedAgentsSchema>;

/** What starting each driver in its sandbox showed: the artifact of `probeAgents`. */
export const probesSchema = z.array(
  z.strictObject({
    /** `driver.kind` of the manifests that it stands for. */
    driver: z.string(),
    ok: z.boolean(),
    /** Null where no sandbox was there. */
    sandbox: sandboxInForceSchema.nullable(),
    says: z.string(),
  }),
);
export type Probes = z.infer<typeof probesSchema>;

/** What a machine has for agents. */
export const capacitySchema = z.strictObject({
  cores: z.int().positive(),
  memoryBytes: z.int().positive(),
});
export type Capacity = z.infer<typeof capacitySchema>;

/** What the items made from one item or consumer of a template may use. */
export const grantedProfileSchema = grantSchema.extend({
  /** The parts of the budget that are left, where those that may run at once would take more than there is. */
  scaled: z
    .strictObject({ cpu: z.number().positive().max(1), memory: z.number().positive().max(1) })
    .nullable(),
});
export type GrantedProfile = z.infer<typeof grantedProfileSchema>;

/** Outcome of assign. */
export const assignmentSchema = z.strictObject({
  kind: z.literal('assignment'),
  ...assignedAgentsSchema.shape,
  test: testPlanSchema.nullable(),
  dependencies: dependenciesSchema.nullable(),
  probes: probesSchema,
  /** Reserved for the run: the sum over the items that may run at once. */
  budgets: z.strictObject({ memoryBytes: z.int(), processes: z.int() }),
  /** The machine on which the work was planned; left out where no item has a budget. */
  capacity: capacitySchema.optional(),
  /** By the item or consumer of the template that has a budget; left out where none has. */
  profiles: z.record(z.string(), grantedProfileSchema).optional(),
  graph: workGraphSchema,
  /** Results of an earlier run that are not done again. Left out where there are none. */
  reused: z.array(itemResultSchema).optional(),
  /** `.sop` and `.todo` of the captured subject; left out where it has neither. */
  controlFiles: z.array(controlFileSchema).optional(),
});
export type Assignment = z.infer<typeof assignmentSchema>;

/** Outcome of execute: each item's one committed result, and those that have none. */
export const executionSchema = z.strictObject({
  kind: z.literal('execution'),
  graph: workGraphSchema,
  results: z.array(itemResultSchema),
  unfinished: z.array(unfinishedItemSchema),
  /** The ledger of what was discovered meanwhile; left out where nothing was. */
  ledger: digestSchema.optional(),
});
export type Execution = z.infer<typeof executionSchema>;

/** Outcome of deliver: what was staged as the package. */
export const stagedPackageSchema = z.strictObject({
  kind: z.literal('package'),
  /**
   * `D`, or the letter of the candidate that is delivered in its place. Where nothing competed: `result`, a changed
   * workspace, or `none`, the reports alone; then the workspace is the captured subject's.
   */
  candidate: z.string(),
  workspace: snapshotRefSchema,
  /** How Model D came to be (`MergeReport`); null where nothing competed. */
  merge: artifactRefSchema.nullable(),
  /** The criteria, evaluated again on what is delivered (`Judgement`). */
  judgement: artifactRefSchema,
  /** The validation of what is delivered (`ValidationReport`); null where no tests were run on it. */
  validation: artifactRefSchema.nullable(),
  /** Why the best verified candidate is delivered and not D; null where D is delivered. */
  insteadOfMerge: z.string().nullable(),
  /** The manifest of the package (`PackageManifest`), the same in Cap'n Proto, and the schema of that. */
  manifest: artifactRefSchema,
  manifestBinary: artifactRefSchema,
  manifestSchema: artifactRefSchema,
  /** What the manifest lists, by path. A subject's own paths may be long. */
  files: z.array(artifactRefSchema.extend({ name: z.string().min(1).max(2100) })),
});
export type StagedPackage = z.infer<typeof stagedPackageSchema>;

const hexDigestSchema = z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 lower-case hexadecimal digits');

/**
 * `manifest/manifest.json` of a package: every staged file with size, SHA-256 and fs-verity digest (of a Merkle tree
 * of SHA-256 with blocks of 4096 bytes and no salt, as `fsverity digest` prints it), sorted by path.
 */
export const packageManifestSchema = z.strictObject({
  version: z.literal(1),
  run: z.string(),
  template: z.string(),
  subject: z.string(),
  decision: z.string(),
  candidate: z.string(),
  files: z.array(
    z.strictObject({
      path: z.string(),
      size: z.int().nonnegative(),
      sha256: hexDigestSchema,
      fsverity: hexDigestSchema,
    }),
  ),
});
export type PackageManifest = z.infer<typeof packageManifestSchema>;

/** What `attest` stores: the attestations and the public keys, by their paths in the package. */
export const attestedFilesSchema = z.array(namedArtifactSchema);

/** `delivery.json`: under which record a package was delivered. It is beside the manifest, which came before it. */
export const packageReceiptSchema = z.strictObject({
  version: z.literal(1),
  run: z.string(),
  /** Digest of deliver's record. */
  record: digestSchema,
  /** Digest of `manifest/manifest.json`. */
  manifest: digestSchema,
  /** Digest of `reports/deliver.json`: what was staged, on which the verdicts of deliver are. */
  staged: digestSchema,
  /** How many files the manifest lists. */
  files: z.int().nonnegative(),
  /** Files that came with the attestations, which neither the manifest nor a statement lists, sorted by path. */
  attestations: z.array(z.strictObject({ path: z.string(), digest: digestSchema })),
});
export type PackageReceipt = z.infer<typeof packageReceiptSchema>;

/** What delivering answered. */
export interface Receipt {
  /** Absolute path of the delivered package folder. */
  readonly path: string;
  readonly manifest: z.infer<typeof digestSchema>;
  readonly files: number;
  /** `delivery.json`. */
  readonly receipt: z.infer<typeof digestSchema>;
}

/** Outcome of conclude. */
export const conclusionSchema = z.strictObject({
  kind: z.literal('conclusion'),
  phases: z.array(
    z.strictObject({
      phase: z.enum(phaseNames),
      state: z.enum(['completed', 'failed', 'cancelled', 'not-started']),
      record: digestSchema.nullable(),
    }),
  ),
  failure: z.strictObject({ code: z.string(), message: z.string() }).nullable(),
  /** By agent: executions, failures; and the health that assign will read. */
  agents: z.array(
    z.strictObject({
      agent: z.string(),
      executions: z.int(),
      failures: z.int(),
      /** The same over all runs of the last hour, this one included: the health follows from it. */
      recent: z.strictObject({ executions: z.int(), failures: z.int() }),
      health: z.enum(['healthy', 'degraded', 'failing']),
    }),
  ),
  cleaned: z.strictObject({ scratchFolders: z.int() }),
});
export type Conclusion = z.infer<typeof conclusionSchema>;
