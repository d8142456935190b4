import type { Execution } from '../contracts/phase.js';
import type { Judgement } from '../contracts/reports/synthesis.js';
import { isNotNeeded } from '../graph/not-needed.js';
import type { HandedOn } from './handed-on.js';
import { count, firstOf } from './order.js';
import { type Collected, ofKind } from './report.js';

type Criterion = Judgement['criteria'][number];

export interface Completed {
  readonly graph: Execution['graph'];
  readonly unfinished: Execution['unfinished'];
  /** Each outcome once. */
  readonly inputs: readonly Collected[];
  readonly handedOn: readonly HandedOn[];
}

/** The criteria of work in which nothing competes: it is done, it passed its checkpoints, and it has one result. */
export const completeness = (completed: Completed): Criterion[] => [
  itemsCompleted(completed),
  checkpointsPassed(completed),
  ...oneResult(completed),
];

function itemsCompleted({ unfinished, inputs }: Completed): Criterion {
  const open = unfinished.filter((one) => !isNotNeeded(one) && !one.waived);
  const waived = unfinished.filter((one) => one.waived);
  const spared = unfinished.filter(isNotNeeded);
  const evidence = [
    open.length > 0
      ? `Without a result: ${firstOf(open.map(({ item, code }) => `${item} (${code})`))}.`
      : `${count(inputs.length, 'item')} with a result.`,
    ...(waived.length > 0 ? [`Skipped by a person: ${firstOf(waived.map(({ item }) => item))}.`] : []),
    ...(spared.length > 0 ? [`Not needed: ${firstOf(spared.map(({ item }) => item))}.`] : []),
  ];
  return {
    id: 'items.completed',
    says: 'Every item that was needed has a result, or a person let it be skipped.',
    met: open.length === 0 && inputs.length > 0,
    evidence: evidence.join(' '),
  };
}

function checkpointsPassed({ graph, unfinished, inputs }: Completed): Criterion {
  const passed = new Map(ofKind(inputs, 'checkpoint').map(({ item, report }) => [item, report.passed]));
  const spared = new Set(unfinished.filter((one) => isNotNeeded(one) || one.waived).map(({ item }) => item));
  const checkpoints = graph.items.flatMap(({ id, kind }) =>
    kind === 'checkpoint' && !spared.has(id) ? [id] : [],
  );
  const open = checkpoints.filter((id) => passed.get(id) !== true);
  return {
    id: 'checkpoints.passed',
    says: 'Every checkpoint passed.',
    met: open.length === 0,
    evidence:
      open.length > 0
        ? `Not passed: ${firstOf(open)}.`
        : `${count(checkpoints.length, 'checkpoint')}${checkpoints.length > 0 ? `: ${firstOf(checkpoints)}` : ''}.`,
  };
}

/** Where nothing was written there is nothing to choose from. */
function oneResult({ handedOn }: Completed): Criterion[] {
  if (handedOn.length === 0) return [];
  const items = handedOn.map(({ item }) => item);
  return [
    {
      id: 'one-result',
      says: 'The work ends with one workspace.',
      met: items.length === 1,
      evidence:
        items.length === 1
          ? `It is that of ${firstOf(items)}.`
          : `Nobody put together what these handed back: ${firstOf(items)}.`,
    },
  ];
}
