/**
 * The activities, by kind of work and queue. Every argument and result is references and small values;
 * bytes are in the artifact store. All are idempotent under `{workflowId}:{activityId}`.
 */
import type { Digest } from '../protocol/digest.js';
import type { PhaseName } from '../protocol/phases.js';
import type { ArtifactRef } from './artifact.js';
import type { Target } from './delivery.js';
import type { Pass, VerdictRef } from './evidence.js';
import type { AgentRef, GraphItem, ItemResult, UnfinishedItem, WorkGraph } from './graph.js';
import type { NamedRefs, Receipt, Staged } from './phase.js';
import type { Decision } from './reports/synthesis.js';
import type { RunRequest } from './request.js';
import type { SnapshotRef } from './subject.js';

/** A subject to capture, and where it is: `npm`, `local`, `text`, or the host of a git server. */
export interface CaptureRequest {
  readonly run: string;
  readonly parsed: ArtifactRef;
  readonly source: string;
}

/** Queue `control`. */
export interface IntakeActivities {
  /** Parses and validates the request, and checks it for security (A0-02 to A0-04). `source`: where its subject is. */
  parseRequest(request: RunRequest): Promise<{ parsed: ArtifactRef; checks: ArtifactRef; source: string }>;
  /** Captures the subject as a workspace snapshot. Heartbeats; under the circuit breaker, keyed by source. */
  captureSubject(input: CaptureRequest): Promise<{ captured: ArtifactRef; title: string }>;
  /** Classifies, routes to layers, and stages `AcceptedRequest`. */
  acceptRequest(input: { parsed: ArtifactRef; checks: ArtifactRef; captured: ArtifactRef }): Promise<Staged>;
}

/** What was planned, for who interprets it. Null where it is too large for a payload: it is read in parts. */
export interface PlannedFacts {
  readonly graph: WorkGraph | null;
  /** Results of an earlier run that are not done again. Left out where there are none, or the graph is null. */
  readonly reused?: readonly ItemResult[];
}

/** Queue `control`. */
export interface RegistryActivities {
  /** Matches capabilities to eligible agents, with backups, and says whether the template has the subject's tests run. */
  assignAgents(input: {
    accepted: ArtifactRef;
  }): Promise<{ assigned: ArtifactRef; needs: { readonly tests: boolean } }>;
  /** Fetches the subject's dependencies and test tools from a lock. Heartbeats. */
  fetchDependencies(input: { run: string; accepted: ArtifactRef }): Promise<{ dependencies: ArtifactRef }>;
  /** Compiles the template to the compact graph and stages `Assignment`. `dependencies`: null where no tests are run. */
  planWork(input: {
    accepted: ArtifactRef;
    assigned: ArtifactRef;
    dependencies: ArtifactRef | null;
    probes: ArtifactRef;
  }): Promise<Staged<PlannedFacts>>;
}

/** One item for an agent. */
export interface AgentItem {
  readonly run: string;
  readonly item: GraphItem;
  readonly agent: AgentRef;
  readonly accepted: ArtifactRef;
  readonly assignment: ArtifactRef;
  /** The workspace that an earlier item handed back; null for the captured subject's. */
  readonly workspace: SnapshotRef | null;
  /** Outcomes of the items before, by item. */
  readonly inputs: NamedRefs;
  /** What several items handed back, to be merged on what they have in common; in the order of their ids. */
  readonly merge?: readonly SnapshotRef[];
  /** Plainly, with a narrower scope, or with everything that it says kept. Default: plainly. */
  readonly how?: 'plain' | 'narrow' | 'log';
  /** Which part of how many of the work. Default: all of it. */
  readonly part?: { readonly number: number; readonly of: number };
}

/**
 * One item of the kind `map`. What it is executed over, and in which chunks, is in the template's item; `inputs` has the
 * outcome of the item that has the list.
 */
export type SegmentItem = AgentItem;

/** Queue `agents`. */
export interface AgentActivities {
  /** Starts each driver's probe in its sandbox, for real. */
  probeAgents(input: { run: string; assigned: ArtifactRef }): Promise<{ probes: ArtifactRef }>;
  /** Executes an agent on an item. Heartbeats; under the circuit breaker, keyed by driver and agent. */
  runAgent(input: AgentItem): Promise<ItemResult>;
  /** Executes a micro agent on each of many like inputs, chunk by chunk. Heartbeats; goes on where it was cut off. */
  runSegment(input: SegmentItem): Promise<ItemResult>;
  /**
   * Crosses the candidates' parts to Model D, building and testing each combination in a sandbox. Heartbeats; an
   * attempt goes on where the one before it ended. `fitness` of what it gives is never below the best parent's.
   */
  mergeCandidates(input: {
    run: string;
    accepted: ArtifactRef;
    assignment: ArtifactRef;
    executed: ArtifactRef;
    judged: ArtifactRef;
  }): Promise<{ merged: ArtifactRef; summary: string }>;
  /** Removes what killed attempts of a run left behind on this host. */
  cleanUpAgents(input: { run: string }): Promise<{ scratchFolders: number }>;
}

/** One barrier item. */
export interface BarrierItem {
  readonly run: string;
  readonly item: GraphItem;
  readonly accepted: ArtifactRef;
  readonly assignment: ArtifactRef;
  /** Results of the items that it waits for; where there are many, they are in `bundle` and this is empty. */
  readonly results: readonly ItemResult[];
  /** Those that ended without one: how, and who decided to do without them. Some are missed, others were not needed. */
  readonly unfinished: readonly UnfinishedItem[];
  /** Of the items that it waits for, those that are not in the plan, such as repairs. Default: there are none. */
  readonly added?: readonly GraphItem[];
  /** `results` and `added`, where there are many; see `bundleResults`. */
  readonly bundle?: ArtifactRef;
}

/** A part of a text that is too long for one payload. */
export interface TextPart {
  readonly text: ArtifactRef;
}

/** What the interpreter of graphs needs beside the items' own activities. Queue `control`. */
export interface GraphActivities {
  /**
   * The planned graph, with `count` of its items from `from` on, and results of an earlier run in parts likewise;
   * `total` is how many there are of what there is more of.
   */
  readPlan(input: {
    assignment: ArtifactRef;
    from: number;
    count: number;
  }): Promise<{ graph: WorkGraph; reused?: readonly ItemResult[]; total: number }>;
  /** Keeps a part of a state that is carried from one run of a chain to the next. */
  keepText(input: { text: string }): Promise<TextPart>;
  readText(input: TextPart): Promise<{ text: string }>;
  /** Stores results as one artifact, for a barrier that waits for many. */
  bundleResults(input: {
    results: readonly ItemResult[];
    added: readonly GraphItem[];
  }): Promise<{ bundle: ArtifactRef }>;
  /**
   * Looks at what an item found, or at its failure: what is valid, no duplicate and within the budgets becomes items.
   * The ledger says what became of each.
   */
  admitWork(input: {
    run: string;
    accepted: ArtifactRef;
    assignment: ArtifactRef;
    /** Who found it. */
    item: GraphItem;
    /** What it committed; null where it failed with `code`. */
    result: ItemResult | null;
    code: string | null;
    ledger: Digest | null;
  }): Promise<{ items: readonly GraphItem[]; ledger: Digest | null }>;
}

/** Queue `control`. */
export interface CoordinationActivities {
  consolidate(input: BarrierItem): Promise<ItemResult>;
  checkpoint(input: BarrierItem): Promise<ItemResult>;
  /** Stages `Execution`. */
  collectItems(input: {
    run: string;
    graph: WorkGraph;
    results: readonly ItemResult[];
    unfinished: readonly UnfinishedItem[];
    ledger?: Digest;
  }): Promise<Staged>;
  /** Collects every item's result exactly once, settles conflicts, stages the synthesis of the whole run. */
  synthesise(input: { run: string; accepted: ArtifactRef; executed: ArtifactRef }): Promise<Staged>;
  /** Judges the whole result and stages `Judgement`. */
  judge(input: {
    run: string;
    accepted: ArtifactRef;
    executed: ArtifactRef;
    synthesis: ArtifactRef;
    /** The record of execute, for the verifiers' scores. */
    executeRecord: ArtifactRef;
  }): Promise<Staged<{ decision: Decision }>>;
}

export interface VerdictRequest {
  readonly run: string;
  readonly phase: PhaseName;
  readonly round: number;
  readonly pass: Pass;
  readonly input: NamedRefs;
  readonly output: ArtifactRef;
}

/** Queues `verify-a`, `verify-b` and `verify-c`: one per pass. */
export interface VerificationActivities {
  /** Judges the staged output of a phase. A rejection is a verdict, never an error. Heartbeats. */
  judgePhase(input: VerdictRequest): Promise<VerdictRef>;
  /** Removes what killed attempts of a run left behind on this host. */
  cleanUpVerifiers(input: { run: string }): Promise<{ scratchFolders: number }>;
}

export interface RecordRequest {
  readonly run: string;
  readonly tenant: string;
  readonly phase: PhaseName;
  readonly round: number;
  readonly input: NamedRefs;
  readonly output: ArtifactRef | null;
  readonly failure: { readonly code: string; readonly message: string } | null;
  readonly verdicts: readonly VerdictRef[];
  readonly notRun: readonly { readonly pass: Pass; readonly reason: string }[];
  readonly waiver: ArtifactRef | null;
  /** ISO 8601, by the workflow's clock. */
  readonly startedAt: string;
  readonly endedAt: string;
  readonly previous: ArtifactRef | null;
}

/** Queue `control`. */
export interface EvidenceActivities {
  /**
   * Checks that a waiver is signed by a person whose key is pinned, and is for exactly this.
   *
   * @returns why it does not count, as sentences; none where it does
   */
  checkWaiver(input: {
    run: string;
    phase: PhaseName;
    round: number;
    output: ArtifactRef;
    verdicts: readonly VerdictRef[];
    waiver: ArtifactRef;
  }): Promise<{ problems: readonly string[] }>;
  /** Collects the phase's attempts and steps and writes its `PhaseRecord`, signed. */
  writeRecord(input: RecordRequest): Promise<ArtifactRef>;
  /** Fetches the histories of a closed run into the store; fails retryably while it is open. */
  archiveHistories(input: { run: string }): Promise<{ archive: ArtifactRef }>;
  /** Writes the seal, into the package too where there is one. The same seal when it is done again. */
  writeSeal(input: {
    run: string;
    by: 'conclude' | 'sweep';
    archive: ArtifactRef;
  }): Promise<{ seal: ArtifactRef }>;
  /** Closed runs that have no seal, oldest first, at most 100. */
  findUnsealed(): Promise<{ runs: readonly string[] }>;
}

/** What deliver works on; `record-{phase}` are the records of the phases before. */
export interface DeliveryInput extends NamedRefs {
  readonly accepted: ArtifactRef;
  readonly assignment: ArtifactRef;
  readonly executed: ArtifactRef;
  readonly synthesis: ArtifactRef;
  readonly judged: ArtifactRef;
}

/** Queue `control`. */
export interface DeliveryActivities {
  /** Says whether there are candidates to be merged: at least one that is eligible. */
  planDelivery(input: { judged: ArtifactRef }): Promise<{ merges: boolean }>;
  /**
   * Evaluates the criteria again on Model D, and stages the package's files as artifacts. `merged`: null where nothing
   * competed.
   */
  stagePackage(input: {
    run: string;
    input: DeliveryInput;
    merged: ArtifactRef | null;
  }): Promise<Staged<{ targets: readonly Target[] }>>;
  /** Signs what the package attests. Only what passed, or was waived. The same bytes when it is done again. */
  attest(input: {
    run: string;
    staged: ArtifactRef;
    record: ArtifactRef;
  }): Promise<{ attestations: ArtifactRef }>;
  /** Writes the staged package to its folder, under a temporary name and renamed. Once, keyed by the record. */
  deliverPackage(input: {
    run: string;
    staged: ArtifactRef;
    attestations: ArtifactRef;
    record: ArtifactRef;
  }): Promise<Receipt>;
  /** Delivers the package to a bucket, a git branch or another folder. Once, keyed by the record. Heartbeats. */
  deliverTo(input: {
    run: string;
    target: Target;
    staged: ArtifactRef;
    attestations: ArtifactRef;
    record: ArtifactRef;
  }): Promise<{ receipt: ArtifactRef; says: string }>;
}

/** How a phase ended, for the account. */
export interface PhaseAccount {
  readonly phase: PhaseName;
  readonly state: 'completed' | 'failed' | 'cancelled' | 'not-started';
  readonly record: ArtifactRef | null;
}

/** Queue `control`. */
export interface ConclusionActivities {
  /** Accounts for every part, assesses the agents' health, keeps what assign will read, stages `Conclusion`. */
  accountForRun(input: {
    run: string;
    phases: readonly PhaseAccount[];
    failure: { readonly code: string; readonly message: string } | null;
    scratchFolders: number;
  }): Promise<Staged>;
  /** Removes what killed attempts of a run left behind on this host. */
  cleanUpControl(input: { run: string }): Promise<{ scratchFolders: number }>;
}
