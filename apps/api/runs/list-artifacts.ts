import type { RunArtifact } from '../../../libs/contracts/run.js';
import {
  committedArtifacts,
  phaseArtifacts,
  requestOf,
  single,
} from '../../../libs/temporal/named-artifacts.js';
import { readPhases } from '../../../libs/temporal/phase-histories.js';
import type { Dependencies } from '../dependencies.js';
import { historyOf, openRun } from './run-reading.js';

/**
 * What a run has committed so far, by names that people know: the request, of each phase outcome, record, verdicts
 * and outcomes of items, and the seal.
 *
 * @throws HeptadError `RunUnknown`, `EngineUnreachable`
 */
export async function listArtifacts(dependencies: Dependencies, run: string): Promise<RunArtifact[]> {
  const reading = await openRun(dependencies, run);
  const history = await historyOf(reading);
  const phases = await Promise.all(
    readPhases(run, history)
      .filter(({ view }) => view.state !== 'pending')
      .map(async (phase) => [
        ...phaseArtifacts(phase),
        ...committedArtifacts(phase.view.phase, await historyOf(reading, phase.view.phase)),
      ]),
  );
  return [
    ...single('request.json', requestOf(history)),
    ...phases.flat(),
    ...single('seal.json', reading.sealed?.ref),
  ];
}
