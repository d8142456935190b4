import { continuedItems } from '../../../libs/continuation/continued-work.js';
import { followUps } from '../../../libs/continuation/follow-ups.js';
import { dependantsOf, keptResults } from '../../../libs/continuation/kept-results.js';
import { readResumption } from '../../../libs/continuation/resumed.js';
import { rollbackPoints } from '../../../libs/continuation/rollback-points.js';
import { digestOfState, stateOf } from '../../../libs/continuation/state.js';
import { type Discovery, ledgerSchema } from '../../../libs/contracts/discovery.js';
import type { Resumption, Rollback, RollbackPoint } from '../../../libs/contracts/resumption.js';
import type { RunAccepted } from '../../../libs/contracts/run.js';
import type { SnapshotRef } from '../../../libs/contracts/subject.js';
import { templateSchema } from '../../../libs/contracts/template.js';
import { visibleTo } from '../../../libs/discovery/visible.js';
import { HeptadError } from '../../../libs/protocol/errors.js';
import { count } from '../../../libs/synthesis/order.js';
import { runIdOf } from '../../../libs/temporal/run-id.js';
import type { Dependencies } from '../dependencies.js';
import { acceptRun } from './accept-run.js';
import { discoveryViewer, type LabelQuery } from './discovery-viewer.js';
import { type EarlierRun, mustBeClosed, readEarlier } from './earlier-run.js';
import { openRun } from './run-reading.js';

/**
 * The states of a run that another one can start from, in the order in which they were reached.
 *
 * @throws HeptadError `RunUnknown`, `ArchiveDeleted`, `ArtifactUnknown`, `ArtifactCorrupt`, `EngineUnreachable`
 */
export async function listRollbackPoints(dependencies: Dependencies, run: string): Promise<RollbackPoint[]> {
  const earlier = await readEarlier(dependencies, run);
  return earlier ? rollbackPoints(earlier.progress).map(({ point }) => point) : [];
}

/**
 * Starts a run from a rollback point of another one, whose state is verified first: what was done by then is not done
 * again.
 *
 * @throws HeptadError `RunUnknown`, `RunOpen`, `PointUnknown`, and what `acceptRun` throws
 */
export async function rollBack(
  dependencies: Dependencies,
  run: string,
  { point: wanted }: Rollback,
  key: string,
): Promise<RunAccepted> {
  const earlier = await readEarlier(dependencies, run);
  if (earlier) mustBeClosed(earlier.summary);
  const points = earlier ? rollbackPoints(earlier.progress) : [];
  const found = wanted === undefined ? points.at(-1) : points.find(({ point: { id } }) => id === wanted);
  if (!earlier || !found) {
    const known = points.map(({ point: { id } }) => id).join(', ');
    throw new HeptadError(
      'PointUnknown',
      known === ''
        ? `The run ${run} has no rollback point: it did not capture its subject.`
        : `The run ${run} has no rollback point ${JSON.stringify(wanted)}. It has: ${known}.`,
    );
  }
  return await goOn(
    dependencies,
    earlier,
    { how: 'rollback', point: found.point.id, results: found.results },
    key,
  );
}

/**
 * Starts a run that does an item of another one again, and all that depends on it; the rest is not done again.
 *
 * @throws HeptadError `RunUnknown`, `RunOpen`, `ItemUnknown`, and what `acceptRun` throws
 */
export async function rerun(
  dependencies: Dependencies,
  run: string,
  item: string,
  key: string,
): Promise<RunAccepted> {
  const earlier = await readEarlier(dependencies, run);
  if (earlier) mustBeClosed(earlier.summary);
  const plan = earlier?.assignment?.graph;
  const graph = earlier?.execution?.graph ?? plan;
  if (!earlier || !plan || !graph?.items.some(({ id }) => id === item))
    throw new HeptadError('ItemUnknown', `The run ${run} has no item with the id ${JSON.stringify(item)}.`);
  const { done } = earlier.progress;
  // An item as it was done may come after more than was planned, such as a barrier behind a repair.
  const grown = new Map([...graph.items, ...done.map((one) => one.item)].map((one) => [one.id, one]));
  const again = dependantsOf({ items: [...grown.values()] }, item);
  const results = keptResults(
    plan,
    done.filter((one) => !again.has(one.item.id)),
  );
  return await goOn(dependencies, earlier, { how: 'rerun', item, results }, key);
}

/**
 * Starts a run that does what another one found and left, on the workspace that it handed back last. What the asker may
 * not see is not handed on, nor is what the earlier run keeps to itself.
 *
 * @throws HeptadError `RunUnknown`, `RunOpen`, `NothingToContinue`, and what `acceptRun` throws
 */
export async function continueRun(
  dependencies: Dependencies,
  run: string,
  labels: LabelQuery,
  key: string,
): Promise<RunAccepted> {
  const { store } = dependencies;
  const earlier = await readEarlier(dependencies, run);
  if (earlier) mustBeClosed(earlier.summary);
  const ledger = earlier?.execution?.ledger;
  const all = ledger ? await store.getJson(ledger, ledgerSchema) : { entries: [] };
  const viewer = earlier && {
    ...discoveryViewer(dependencies, earlier, labels),
    at: await firstAsked(dependencies, key),
  };
  const isHandedOn = (discovery: Discovery): boolean => viewer !== null && visibleTo(discovery, viewer);
  const discoveries = followUps(all, isHandedOn);
  const left = followUps(all, () => true).length;
  const template = earlier && (await store.getJson(earlier.accepted.request.template.digest, templateSchema));
  if (!template || continuedItems(template, discoveries, [], () => []).length === 0)
    throw new HeptadError('NothingToContinue', whyNothing(run, left, discoveries.length));
  const captured = { ...earlier.accepted.captured, snapshot: lastWorkspace(earlier) };
  return await goOn(dependencies, earlier, { how: 'continue', captured, discoveries, results: [] }, key);
}

/**
 * When the key came first, ISO 8601: what has become visible since is not handed on when the same is asked again, so that
 * it is the same run.
 */
async function firstAsked(dependencies: Dependencies, key: string): Promise<string> {
  try {
    const { summary } = await openRun(dependencies, runIdOf(dependencies.config.tenant, key));
    return summary.startedAt;
  } catch (error) {
    if (error instanceof HeptadError && error.code === 'RunUnknown') return new Date().toISOString();
    throw error;
  }
}

function whyNothing(run: string, left: number, handedOn: number): string {
  if (left === 0) return `The run ${run} left no follow-ups.`;
  if (handedOn === 0)
    return `The run ${run} left ${count(left, 'follow-up')}, of which none may be handed on to who asks.`;
  const kept = left === handedOn ? '' : ` ${left - handedOn} more may not be handed on to who asks.`;
  return `No consumer of the template takes any of ${count(handedOn, 'follow-up')} of the run ${run}.${kept}`;
}

/** What was staged for delivery, else what was handed back last; the captured one where several have one each. */
function lastWorkspace({ accepted: { captured }, delivered, progress }: EarlierRun): SnapshotRef {
  if (delivered) return delivered;
  const results = progress.done.map(({ result }) => result);
  const { workspace } = stateOf(
    captured,
    progress.done.map(({ item }) => item),
    results,
  );
  const found = results.find((result) => result.workspace?.digest === workspace);
  return found?.workspace ?? captured.snapshot;
}

type Taken = Pick<Resumption, 'how'> &
  Partial<Pick<Resumption, 'point' | 'item' | 'captured' | 'discoveries'>> & {
    readonly results: readonly Resumption['results'][number][];
  };

/** Starts a run with the earlier one's request, given what is taken over of it. The same key is the same run. */
async function goOn(
  dependencies: Dependencies,
  { summary, body, accepted, progress }: EarlierRun,
  { how, point = null, item = null, captured = accepted.captured, discoveries = [], results }: Taken,
  key: string,
): Promise<RunAccepted> {
  const { store } = dependencies;
  const { template, input } = accepted.request;
  const before = await readResumption(store, accepted.request);
  const state = stateOf(
    captured,
    progress.done.map((one) => one.item),
    results,
  );
  const resumption: Resumption = {
    kind: 'resumption',
    version: 1,
    how,
    run: summary.id,
    origin: before?.origin ?? summary.id,
    template: template.digest,
    point,
    item,
    captured,
    workspace: state.workspace,
    results: [...results],
    discoveries: [...discoveries],
    state: digestOfState(state),
  };
  const { deliver, waiverWindow, stepwise } = body;
  const { digest } = await store.putJson(resumption);
  return await acceptRun(
    dependencies,
    {
      template: `${template.name}@${template.version}`,
      input,
      ...(deliver === undefined ? {} : { deliver }),
      ...(waiverWindow === undefined ? {} : { waiverWindow }),
      ...(stepwise === undefined ? {} : { stepwise }),
      resume: digest,
    },
    key,
  );
}
