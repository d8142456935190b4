import type { Progress } from '../../../libs/continuation/rollback-points.js';
import { phaseRecordSchema } from '../../../libs/contracts/evidence.js';
import {
  type AcceptedRequest,
  type Assignment,
  acceptedRequestSchema,
  assignmentSchema,
  type Execution,
  executionSchema,
  stagedPackageSchema,
} from '../../../libs/contracts/phase.js';
import { type StartRun, startRunSchema } from '../../../libs/contracts/request.js';
import type { RunSummary } from '../../../libs/contracts/run.js';
import type { SnapshotRef } from '../../../libs/contracts/subject.js';
import { HeptadError } from '../../../libs/protocol/errors.js';
import type { PhaseName } from '../../../libs/protocol/phases.js';
import { doneItems } from '../../../libs/temporal/done-items.js';
import { requestOf } from '../../../libs/temporal/named-artifacts.js';
import { type PhaseReading, readPhases } from '../../../libs/temporal/phase-histories.js';
import type { Dependencies } from '../dependencies.js';
import { historyOf, openRun } from './run-reading.js';

/** What a run has committed that another one can go on from. */
export interface EarlierRun {
  readonly summary: RunSummary;
  readonly body: StartRun;
  readonly accepted: AcceptedRequest;
  /** Null where assign has not completed. */
  readonly assignment: Assignment | null;
  /** What execute staged, whether or not it was accepted; null where it staged nothing. */
  readonly execution: Execution | null;
  readonly progress: Progress;
  /** The workspace that was staged for delivery. */
  readonly delivered: SnapshotRef | null;
}

/**
 * Reads what a run has committed, of one that goes on, failed or was cancelled too.
 *
 * @returns null where it has not captured its subject
 * @throws HeptadError `RunUnknown`, `ArchiveDeleted`, `EngineUnreachable`
 * @throws HeptadError `ArtifactUnknown`, `ArtifactCorrupt` what it committed is gone or changed
 */
export async function readEarlier(dependencies: Dependencies, run: string): Promise<EarlierRun | null> {
  const { store } = dependencies;
  const reading = await openRun(dependencies, run);
  const history = await historyOf(reading);
  const phases = new Map(readPhases(run, history).map((phase) => [phase.view.phase, phase]));
  const outcomeOf = (phase: PhaseName) => phases.get(phase)?.outcome ?? null;
  const [request, ingested, assigned] = [requestOf(history), outcomeOf('ingest'), outcomeOf('assign')];
  if (!request || !ingested) return null;
  const [body, accepted, assignment, execution] = await Promise.all([
    store.getJson(request.digest, startRunSchema),
    store.getJson(ingested.digest, acceptedRequestSchema),
    assigned && store.getJson(assigned.digest, assignmentSchema),
    readExecution(dependencies, phases.get('execute')),
  ]);
  const staged = outcomeOf('deliver');
  const delivered = staged && (await store.getJson(staged.digest, stagedPackageSchema)).workspace;
  const { summary } = reading;
  return {
    summary,
    body,
    accepted,
    assignment,
    execution,
    delivered,
    progress: {
      captured: accepted.captured,
      capturedAt: phases.get('ingest')?.view.endedAt ?? summary.startedAt,
      plan: assignment?.graph ?? null,
      done: assignment ? doneItems(await historyOf(reading, 'execute'), assignment, execution) : [],
      executedAt: phases.get('execute')?.view.endedAt ?? summary.closedAt,
    },
  };
}

/** A run that goes on may still do what another one would do in its place. */
export function mustBeClosed({ id, closedAt, state }: RunSummary): void {
  if (closedAt !== null) return;
  throw new HeptadError('RunOpen', `The run ${id} is ${state}. Wait until it has ended, or cancel it.`);
}

/** Of an execute that was rejected its record names what it staged. */
async function readExecution(
  { store }: Dependencies,
  execute: PhaseReading | undefined,
): Promise<Execution | null> {
  const staged =
    execute?.outcome?.digest ??
    (execute?.record ? (await store.getJson(execute.record.digest, phaseRecordSchema)).output : null);
  return staged ? await store.getJson(staged, executionSchema) : null;
}
