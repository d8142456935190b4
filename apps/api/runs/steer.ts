import { HeptadError } from '../../../libs/protocol/errors.js';
import { runUnknown } from '../../../libs/temporal/describe-run.js';
import { runClosed, type SteeringVerb, steerRun } from '../../../libs/temporal/steer-run.js';
import type { Dependencies } from '../dependencies.js';
import { sealedRun } from './sealed-run.js';

/**
 * Pauses, resumes or cancels a run.
 *
 * @throws HeptadError `RunUnknown`, `EngineUnreachable`, and `RunClosed`, also where only its seal is left of the run
 */
export async function steer(dependencies: Dependencies, run: string, verb: SteeringVerb): Promise<void> {
  try {
    await steerRun(dependencies.engine, run, verb);
  } catch (error) {
    if (!(error instanceof HeptadError) || error.code !== 'RunUnknown') throw error;
    const sealed = await sealedRun(dependencies, run);
    throw sealed ? runClosed(run, sealed.summary.state) : runUnknown(run);
  }
  dependencies.logger.info({ run, verb }, 'Run steered.');
}
