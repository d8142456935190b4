import type { Execution } from '../contracts/phase.js';
import type { SnapshotRef } from '../contracts/subject.js';
import { HeptadError } from '../protocol/errors.js';
import { handedOn } from '../synthesis/handed-on.js';
import { validationOf } from '../synthesis/judge-uncontested.js';
import type { DeliveredResult } from './delivered-result.js';
import type { PackagedRun } from './read-run.js';

/** What work ends with in which nothing competes. */
export interface Ending {
  /** `result`: a workspace that an item handed back; `none`: the reports alone. */
  readonly candidate: 'result' | 'none';
  readonly item: string | null;
  readonly workspace: SnapshotRef;
}

/**
 * What the work ends with.
 *
 * @param captured the captured subject's workspace, which is handed on where nobody wrote
 * @throws HeptadError `InputInvalid` it ends with more than one workspace
 */
export function endingOf(execution: Execution, captured: SnapshotRef): Ending {
  const [result, ...others] = handedOn(execution);
  if (!result) return { candidate: 'none', item: null, workspace: captured };
  if (others.length > 0)
    throw new HeptadError(
      'InputInvalid',
      `The work ends with the workspaces of ${[result, ...others].map(({ item }) => item).join(', ')}, not with one.`,
    );
  return { candidate: 'result', ...result };
}

/** What is delivered where nothing competed: what the work ends with, as verify judged it. */
export function chooseUncontested({
  execution,
  collected,
  accepted,
  judgement,
}: PackagedRun): DeliveredResult {
  const ending = endingOf(execution, accepted.captured.snapshot);
  const validation = ending.item === null ? undefined : validationOf(ending.item, collected);
  const validated = execution.results.find(({ item }) => item === validation?.item)?.outcome;
  return {
    ...ending,
    standing: null,
    validation: validation?.report ?? null,
    validated: validated ?? null,
    judgement,
    insteadOfMerge: null,
  };
}
