import { join } from 'node:path';
import { HeptadError } from '../protocol/errors.js';
import { workflowId } from '../protocol/names.js';

/**
 * The folder of a run among the delivered packages.
 *
 * @throws HeptadError `InputInvalid` the run's id is none
 */
export function packageFolder(packages: string, run: string): string {
  if (!/^[A-Za-z0-9_-]{1,100}$/.test(run))
    throw new HeptadError('InputInvalid', `${JSON.stringify(run.slice(0, 100))} is not the id of a run.`);
  return join(packages, workflowId.run(run));
}
