import type { RunProgress } from '../../../libs/contracts/progress.js';
import type { RollbackPoint } from '../../../libs/contracts/resumption.js';
import type { RunView } from '../../../libs/contracts/run.js';
import { progressOf } from '../../../libs/progress/progress-of.js';
import { HeptadError } from '../../../libs/protocol/errors.js';
import type { Dependencies } from '../dependencies.js';
import { listRollbackPoints } from './continue-run.js';
import { readWork, type WorkedItem } from './read-work.js';
import { viewRun } from './view-run.js';

type ItemView = NonNullable<RunView['items']>[number];

/**
 * How far a run is, and when its items are expected to have ended. Where no worker tells of the items, they are read from
 * the history.
 *
 * @throws HeptadError `RunUnknown`, `ArchiveDeleted`, `EngineUnreachable`
 */
export async function runProgress(dependencies: Dependencies, run: string): Promise<RunProgress> {
  const [view, { items, graph }, points] = await Promise.all([
    viewRun(dependencies, run),
    readWork(dependencies, run),
    pointsOf(dependencies, run),
  ]);
  return progressOf({
    view,
    items: view.items ?? items.map(viewOf),
    planned: graph?.items ?? [],
    parallel: graph?.parallel ?? 1,
    points,
    now: Date.now(),
  });
}

/** None where what they are read from is not in the store any more: progress is told without them. */
async function pointsOf(dependencies: Dependencies, run: string): Promise<RollbackPoint[]> {
  try {
    return await listRollbackPoints(dependencies, run);
  } catch (error) {
    if (error instanceof HeptadError && error.code === 'ArtifactUnknown') return [];
    throw error;
  }
}

const viewOf = ({ item, status, code, result, record }: WorkedItem): ItemView => ({
  id: item.id,
  title: item.title,
  category: item.category,
  status,
  agent: result?.agent?.id ?? item.agents[0]?.id ?? null,
  candidate: item.candidate,
  summary: result?.summary ?? null,
  code,
  startedAt: record.executions[0]?.startedAt ?? null,
  endedAt: record.told?.at ?? record.executions.at(-1)?.endedAt ?? null,
  progress: null,
});
