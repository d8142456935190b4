import { paths } from '../../../libs/config/paths.js';
import type { RunSummary } from '../../../libs/contracts/run.js';
import type { AwaitedWaiver, Waiver } from '../../../libs/contracts/waiver.js';
import { readTrust } from '../../../libs/crypto/read-trust.js';
import { waiverProblems } from '../../../libs/evidence/waiver.js';
import { HeptadError } from '../../../libs/protocol/errors.js';
import type { Engine } from '../../../libs/temporal/connect.js';
import { queryAwaited } from '../../../libs/temporal/query-awaited.js';
import { runClosed } from '../../../libs/temporal/steer-run.js';
import { waiveRun, wasWaived } from '../../../libs/temporal/waive-run.js';
import type { Dependencies } from '../dependencies.js';
import { openRun } from './run-reading.js';

/** How long a worker has to say what is awaited, in milliseconds. */
const patience = 5000;

/**
 * Takes a person's signed waiver: it is checked, stored, and handed to the phase that waits for it. Once this resolves
 * the phase goes on. Sending the same waiver again changes nothing.
 *
 * @throws HeptadError `RunUnknown`, `RunClosed`, `NothingToWaive`, `WaiverInvalid`, `EngineUnreachable`
 */
export async function waive(dependencies: Dependencies, run: string, waiver: Waiver): Promise<void> {
  const { config, engine, store, logger } = dependencies;
  const { summary } = await openRun(dependencies, run);
  const awaited = summary.closedAt === null ? await awaitedBy(engine, run) : null;
  const trust = await readTrust(paths(config).trust);
  // What is not awaited any more is held against itself: it may be one that was taken before.
  const problems = waiverProblems(waiver, { ...(awaited ?? waiver), run }, trust);
  if (problems.length > 0)
    throw new HeptadError('WaiverInvalid', problems.join(' '), { problems: problems.map(asProblem) });
  const ref = await store.putJson(waiver);
  if (awaited) await waiveRun(engine, run, awaited.phase, ref);
  else if (!(await wasWaived(engine, run, waiver.phase, ref))) throw refusalOf(summary);
  logger.info({ run, phase: waiver.phase, by: waiver.by, waiver: ref.digest }, 'Waived.');
}

/** The engine has just answered, so what does not answer is the worker. */
async function awaitedBy(engine: Engine, run: string): Promise<AwaitedWaiver | null> {
  try {
    return await queryAwaited(engine, run, patience);
  } catch (cause) {
    if (!(cause instanceof HeptadError) || cause.code !== 'EngineUnreachable') throw cause;
    throw new HeptadError(
      'DependencyUnreachable',
      `No worker said within ${patience} ms what run ${run} waits for. Start the workers, then send it again.`,
      { cause },
    );
  }
}

const refusalOf = ({ id, state, closedAt }: RunSummary): HeptadError =>
  closedAt === null
    ? new HeptadError('NothingToWaive', `Run ${id} is ${state} and waits for no waiver.`)
    : runClosed(id, state);

const asProblem = (reason: string) => ({ path: '', reason });
