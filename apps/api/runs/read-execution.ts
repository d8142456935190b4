import { type Execution, executionSchema } from '../../../libs/contracts/phase.js';
import type { PhaseReading } from '../../../libs/temporal/phase-histories.js';
import type { Dependencies } from '../dependencies.js';
import type { RunReading } from './run-reading.js';

/** How far execute is: what it staged, or its workflow that can be asked, or why neither is there. */
export type ExecutionReading =
  | { readonly kind: 'staged'; readonly execution: Execution }
  | { readonly kind: 'asked'; readonly execute: PhaseReading }
  | { readonly kind: 'unavailable'; readonly says: string };

/** Reads what execute staged, where it has. */
export async function readExecution(
  { store }: Pick<Dependencies, 'store'>,
  { dropped }: Pick<RunReading, 'dropped'>,
  phases: readonly PhaseReading[],
): Promise<ExecutionReading> {
  const execute = phases.find(({ view }) => view.phase === 'execute');
  if (!execute || execute.view.state === 'pending')
    return { kind: 'unavailable', says: 'Execute has not begun.' };
  if (execute.outcome) {
    const { digest } = execute.outcome;
    return (await store.has(digest))
      ? { kind: 'staged', execution: await store.getJson(digest, executionSchema) }
      : { kind: 'unavailable', says: 'What execute staged is not in the artifact store any more.' };
  }
  return dropped
    ? {
        kind: 'unavailable',
        says: 'Execute did not complete, and the engine does not keep the run any more.',
      }
    : { kind: 'asked', execute };
}
