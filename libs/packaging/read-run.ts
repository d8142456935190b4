import type { ArtifactStore } from '../artifacts/artifact-store.js';
import { readResumption } from '../continuation/resumed.js';
import type { DeliveryInput } from '../contracts/activities.js';
import { type AgentManifest, agentManifestSchema } from '../contracts/agent.js';
import type { ArtifactRef } from '../contracts/artifact.js';
import {
  type AttemptLog,
  attemptLogSchema,
  type PhaseRecord,
  phaseRecordSchema,
  type Verdict,
  verdictSchema,
} from '../contracts/evidence.js';
import {
  type AcceptedRequest,
  type Assignment,
  acceptedRequestSchema,
  assignmentSchema,
  type Execution,
  executionSchema,
} from '../contracts/phase.js';
import { type MergeReport, mergeReportSchema } from '../contracts/reports/merge.js';
import {
  type Judgement,
  judgementSchema,
  type Synthesis,
  synthesisSchema,
} from '../contracts/reports/synthesis.js';
import type { Resumption } from '../contracts/resumption.js';
import { type Template, templateSchema } from '../contracts/template.js';
import { type Waiver, waiverSchema } from '../contracts/waiver.js';
import { HeptadError } from '../protocol/errors.js';
import { type PhaseName, phaseNames } from '../protocol/phases.js';
import { readResults } from '../synthesis/read-results.js';
import type { Collected } from '../synthesis/report.js';

/** What a package is made from. */
export interface PackageInput {
  readonly run: string;
  /** What deliver works on. */
  readonly input: DeliveryInput;
  /** How Model D came to be (`MergeReport`); null where nothing competed. */
  readonly merged: ArtifactRef | null;
}

/** The record of a phase with the evidence that it names. */
export interface PhaseEvidence {
  readonly phase: PhaseName;
  readonly record: PhaseRecord;
  /** The record itself. */
  readonly ref: ArtifactRef;
  /** In the order of the record. */
  readonly verdicts: readonly Verdict[];
  readonly attempts: AttemptLog;
  readonly waiver: Waiver | null;
}

/** The same, read: everything that a package tells. */
export interface PackagedRun {
  readonly run: string;
  readonly accepted: AcceptedRequest;
  readonly template: Template;
  /** What it was given of an earlier run; null where it started anew. */
  readonly resumption: Resumption | null;
  readonly assignment: Assignment;
  readonly execution: Execution;
  /** The outcome of each item. */
  readonly collected: readonly Collected[];
  readonly synthesis: Synthesis;
  /** What the phase verify found. */
  readonly judgement: Judgement;
  /** Null where nothing competed. */
  readonly merge: MergeReport | null;
  /** Of the phases before deliver, in order. */
  readonly evidence: readonly PhaseEvidence[];
  /** Manifests of the agents that worked, by id. */
  readonly agents: ReadonlyMap<
    string,
    { readonly manifest: AgentManifest; readonly digest: ArtifactRef['digest'] }
  >;
}

/** The phases whose records a package holds when it is staged. */
export const phasesBeforeDelivery = phaseNames.slice(0, phaseNames.indexOf('deliver'));

/**
 * Reads what a package is made from.
 *
 * @throws HeptadError `InputInvalid` a record is missing, or something does not keep to its contract
 * @throws HeptadError `ArtifactUnknown`, `ArtifactCorrupt`
 */
export async function readRun(
  store: ArtifactStore,
  { run, input, merged }: PackageInput,
): Promise<PackagedRun> {
  const [accepted, assignment, execution, synthesis, judgement, merge] = await Promise.all([
    store.getJson(input.accepted.digest, acceptedRequestSchema),
    store.getJson(input.assignment.digest, assignmentSchema),
    store.getJson(input.executed.digest, executionSchema),
    store.getJson(input.synthesis.digest, synthesisSchema),
    store.getJson(input.judged.digest, judgementSchema),
    merged && store.getJson(merged.digest, mergeReportSchema),
  ]);
  const [template, resumption] = await Promise.all([
    store.getJson(accepted.request.template.digest, templateSchema),
    readResumption(store, accepted.request),
  ]);
  return {
    run,
    accepted,
    template,
    resumption,
    assignment,
    execution,
    collected: await readResults(store, execution.results, execution.graph.items, template),
    synthesis,
    judgement,
    merge,
    evidence: await Promise.all(
      phasesBeforeDelivery.map((phase) => readEvidence(store, phase, recordOf(input, phase))),
    ),
    agents: await readAgents(store, execution),
  };
}

/**
 * The record of a phase among what deliver works on.
 *
 * @throws HeptadError `InputInvalid` it is not there
 */
export function recordOf(input: DeliveryInput, phase: PhaseName): ArtifactRef {
  const ref = input[`record-${phase}`];
  if (!ref)
    throw new HeptadError('InputInvalid', `The record of ${phase} is not among what deliver works on.`);
  return ref;
}

/** A record with the evidence that it names. */
export async function readEvidence(
  store: ArtifactStore,
  phase: PhaseName,
  ref: ArtifactRef,
): Promise<PhaseEvidence> {
  const record = await store.getJson(ref.digest, phaseRecordSchema);
  const [verdicts, attempts, waiver] = await Promise.all([
    Promise.all(record.verdicts.map(({ verdict }) => store.getJson(verdict, verdictSchema))),
    store.getJson(record.attempts.log.digest, attemptLogSchema),
    record.waiver === null ? null : store.getJson(record.waiver, waiverSchema),
  ]);
  return { phase, record, ref, verdicts, attempts, waiver };
}

async function readAgents(store: ArtifactStore, { results }: Execution): Promise<PackagedRun['agents']> {
  const agents = new Map<string, { manifest: AgentManifest; digest: ArtifactRef['digest'] }>();
  for (const { agent } of results) {
    if (!agent) continue;
    const known = agents.get(agent.id);
    if (known && known.digest !== agent.manifest)
      throw new HeptadError('InputInvalid', `The agent ${agent.id} worked under two manifests.`);
    if (known) continue;
    const manifest = await store.getJson(agent.manifest, agentManifestSchema);
    agents.set(agent.id, { manifest, digest: agent.manifest });
  }
  return agents;
}
