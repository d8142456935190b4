import type { Seal } from '../../../libs/contracts/evidence.js';
import type { RunSummary } from '../../../libs/contracts/run.js';
import { workflowId } from '../../../libs/protocol/names.js';
import type { PhaseName } from '../../../libs/protocol/phases.js';
import { type ChainEvent, type Chains, engineChains } from '../../../libs/temporal/chains.js';
import { describeRun, runUnknown } from '../../../libs/temporal/describe-run.js';
import { summaryOf } from '../../../libs/temporal/run-summary.js';
import { sealedChains } from '../../../libs/temporal/sealed-chains.js';
import type { Dependencies } from '../dependencies.js';
import { archiveDeleted } from './archive-deleted.js';
import { type SealedRun, sealedRun } from './sealed-run.js';

/** Where a run is read from: the engine while it knows the run, its seal afterwards. */
export interface RunReading {
  readonly summary: RunSummary;
  readonly chains: Chains;
  readonly sealed: SealedRun | undefined;
  /** The seal, where the engine has dropped the run. */
  readonly dropped: Seal | undefined;
}

/**
 * @throws HeptadError `RunUnknown` neither the engine nor a seal knows the run
 * @throws HeptadError `ArchiveDeleted` the engine does not know it any more, and its archive was deleted
 */
export async function openRun(dependencies: Dependencies, run: string): Promise<RunReading> {
  const { engine, store } = dependencies;
  const [info, sealed] = await Promise.all([describeRun(engine, run), sealedRun(dependencies, run)]);
  if (info) return { summary: summaryOf(info), chains: engineChains(engine), sealed, dropped: undefined };
  if (!sealed) throw (await archiveDeleted(dependencies, run)) ?? runUnknown(run);
  const dropped = await sealed.seal();
  return { summary: sealed.summary, chains: sealedChains(store, dropped), sealed, dropped };
}

/** The events of `run` itself, or of one of its phases, as far as they have happened. */
export async function historyOf({ chains, summary }: RunReading, phase?: PhaseName): Promise<ChainEvent[]> {
  const id = phase ? workflowId.phase(summary.id, phase) : workflowId.run(summary.id);
  const events: ChainEvent[] = [];
  for await (const event of chains.read(id)) events.push(event);
  return events;
}
