import { HeptadError } from '../../../libs/protocol/errors.js';
import { runUnknown } from '../../../libs/temporal/describe-run.js';
import { runClosed, type SteeringVerb, steerRun } from '../../../libs/temporal/steer-run.js';
import type { Dependencies } from '../dependencies.js';
import { archiveDeleted } from './archive-deleted.js';
import { sealedRun } from './sealed-run.js';

/**
 * Pauses, resumes or cancels a run.
 *
 * @throws HeptadError `RunUnknown`, `EngineUnreachable`, and `RunClosed`, also where only its seal is left of the run
 * @throws HeptadError `ArchiveDeleted` not even its seal is left
 */
export async function steer(dependencies: Dependencies, run: string, verb: SteeringVerb): Promise<void> {
  try {
    await steerRun(dependencies.engine, run, verb);
  } catch (error) {
    if (!(error instanceof HeptadError) || error.code !== 'RunUnknown') throw error;
    const sealed = await sealedRun(dependencies, run);
    if (sealed) throw runClosed(run, sealed.summary.state);
    throw (await archiveDeleted(dependencies, run)) ?? runUnknown(run);
  }
  dependencies.logger.info({ run, verb }, 'Run steered.');
}
