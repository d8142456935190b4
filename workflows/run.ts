import { CancellationScope, isCancellation, upsertSearchAttributes } from '@temporalio/workflow';
import type { Receipt } from '../libs/contracts/phase.js';
import type { Decision } from '../libs/contracts/reports/synthesis.js';
import type { RunRequest } from '../libs/contracts/request.js';
import { searchAttribute } from '../libs/protocol/search-attributes.js';
import { endWith, type Failure, failureFrom } from './failures.js';
import { PhaseSequence } from './phase-sequence.js';
import { assign } from './phases/assign.js';
import { conclude } from './phases/conclude.js';
import { coordinate } from './phases/coordinate.js';
import { deliver } from './phases/deliver.js';
import { execute } from './phases/execute.js';
import { ingest } from './phases/ingest.js';
import { verify } from './phases/verify.js';

/** What a run answers when all went well. */
export interface RunReport {
  readonly decision: Decision;
  readonly receipt: Receipt | null;
}

/**
 * The envelope of one request: seven phases in order, each a child workflow with its own history.
 * Whatever happens, `conclude` accounts for it and starts the seal.
 */
export async function run(request: RunRequest): Promise<RunReport> {
  const phases = new PhaseSequence(request);
  let report: RunReport | null = null;
  let cancellation: unknown;
  try {
    report = await untilDelivered(request, phases);
  } catch (error) {
    if (isCancellation(error)) cancellation = error;
    phases.failed(error);
  }
  const concluded = await CancellationScope.nonCancellable(() => concludeRun(phases));
  if (cancellation) throw cancellation;
  const failure = phases.failure ?? concluded;
  if (failure) throw endWith(failure);
  if (!report) throw endWith({ code: 'Unexpected', message: 'The run ended without a report.' });
  return report;
}

async function untilDelivered({ request }: RunRequest, phases: PhaseSequence): Promise<RunReport> {
  const { outcome: accepted } = await phases.next('ingest', ingest, { input: { request } });
  const assigned = await phases.next('assign', assign, { input: { accepted } });
  const { outcome: assignment } = assigned;
  const { graph, reused } = assigned.facts;
  const { outcome: executed, record: executeRecord } = await phases.next('execute', execute, {
    input: { accepted, assignment },
    graph,
    ...(reused ? { reused } : {}),
  });
  const { outcome: synthesis } = await phases.next('coordinate', coordinate, {
    input: { accepted, executed },
  });
  const judgement = await phases.next('verify', verify, {
    input: { accepted, executed, synthesis, executeRecord },
  });
  const { outcome: judged } = judgement;
  const { decision } = judgement.facts;
  decided(decision);
  if (decision === 'BLOCK') throw endWith({ code: 'Blocked', message: judgement.summary });
  const delivered = await phases.next('deliver', deliver, {
    input: { ...phases.recordsAsInput(), accepted, assignment, executed, synthesis, judged },
  });
  return { decision, receipt: delivered.facts.receipt };
}

/** Concludes whatever happened before; its own failure is the run's only where nothing failed earlier. */
async function concludeRun(phases: PhaseSequence): Promise<Failure | null> {
  const { failure } = phases;
  if (failure?.code === 'VerificationFailed') decided('BLOCK');
  try {
    await phases.next('conclude', conclude, { input: phases.records(), phases: phases.account(), failure });
    return null;
  } catch (error) {
    return failureFrom(error);
  }
}

const decided = (decision: Decision): void =>
  upsertSearchAttributes([{ key: searchAttribute.decision, value: decision }]);
