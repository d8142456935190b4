import { isDeepStrictEqual } from 'node:util';
import { agentRunOf, inputsOfItem } from '../../agents/agent-run-of.js';
import { compareOutcomes } from '../../agents/compare.js';
import { runAgent } from '../../agents/run-agent.js';
import { inParallel } from '../../artifacts/snapshot/in-parallel.js';
import type { AgentResult, Comparison } from '../../contracts/agent.js';
import type { GraphItem, ItemResult } from '../../contracts/graph.js';
import { type Execution, executionSchema } from '../../contracts/phase.js';
import { segmentReportSchema } from '../../contracts/reports/segment.js';
import type { SnapshotRef } from '../../contracts/subject.js';
import { errors, HeptadError } from '../../protocol/errors.js';
import { wasmInForce } from '../../sandbox/wasm/wasm-in-force.js';
import { repeatSample } from '../../segments/sample.js';
import { segmentOf } from '../../segments/segment-of.js';
import { noteSandbox } from '../../temporal/attempt-notes.js';
import { jsonSchema } from '../json-schema.js';
import type { Judged } from '../judged.js';
import { type CleanRoom, type Repetition, settled } from './clean-room.js';
import { recomputeBarrier } from './recompute-barrier.js';
import { selfCheckAccepts } from './self-check-accepts.js';

/** Agents that are executed at once. */
const atOnce = 2;

/**
 * Pass B of execute: every item with a result is executed again from the same inputs, agents in a clean sandbox,
 * barriers by the functions that define them. Outcomes and workspaces are compared by digest, or as the agent's
 * manifest declares. Nothing of the first execution is read but its inputs and, to compare, its outcomes.
 *
 * @throws HeptadError what is not the producer's fault, such as `SandboxUnavailable`
 */
export const executeAgain: Repetition = async (judged, checks, room) => {
  const execution = await checks.attempt('output-read', 'The output could be read.', () =>
    judged.store.getJson(judged.output.digest, executionSchema),
  );
  if (!execution) return settled;
  const found = new Map<string, Again>();
  await inParallel(execution.results, atOnce, async (result) => {
    found.set(result.item, await again(judged, execution, result, room));
    await room.onItem?.(result.item, (100 * found.size) / execution.results.length);
  });
  for (const { item } of execution.results) {
    const { looked, problems } = found.get(item) ?? missing;
    checks.problems(`again:${item}`, looked, problems);
  }
  checks.add(
    'items-executed-again',
    found.size === execution.results.length && found.size > 0,
    `${found.size} of ${execution.results.length} items with a result were executed again.`,
  );
  const differing = [...found.values()].filter(({ problems }) => problems.length > 0);
  const open = differing.length > 0 && differing.every(({ unsettled }) => unsettled);
  return { disagrees: open && (await selfCheckAccepts(judged)) };
};

interface Again {
  readonly looked: string;
  readonly problems: readonly string[];
  /** All that differs is the outcome, of an agent that declares itself not reproducible. */
  readonly unsettled: boolean;
}

const missing: Again = { looked: '', problems: ['It was not executed again.'], unsettled: false };
const rejected = (problem: string): Again => ({ looked: '', problems: [problem], unsettled: false });

async function again(
  judged: Judged,
  execution: Execution,
  result: ItemResult,
  room: CleanRoom,
): Promise<Again> {
  try {
    room.signal?.throwIfAborted();
    const item = execution.graph.items.find(({ id }) => id === result.item);
    if (!item) return rejected(`${result.item} is not an item of the graph.`);
    // What stood in for it is executed again as itself; pass A compares the two.
    if (result.standIn !== undefined)
      return { looked: `It is the result of ${result.standIn}.`, problems: [], unsettled: false };
    if (item.kind === 'map') return await segmentAgain(judged, execution, item, result, room);
    if (item.kind !== 'agent')
      return { ...(await recomputeBarrier(judged, execution, item, result)), unsettled: false };
    return await agentAgain(judged, execution, item, result, room);
  } catch (error) {
    return rejected(`It could not be executed again: ${producerFault(error)}`);
  }
}

async function agentAgain(
  judged: Judged,
  execution: Execution,
  item: GraphItem,
  first: ItemResult,
  room: CleanRoom,
): Promise<Again> {
  const { store, run, input } = judged;
  const { accepted, assignment } = input;
  if (!first.agent || !accepted || !assignment)
    return rejected('Agent, request or assignment is not named, so it cannot be executed again.');
  const before = inputsOfItem(item, execution);
  const complete = await agentRunOf({
    store,
    run,
    item,
    agent: first.agent,
    accepted,
    assignment,
    ...before,
    ...(first.how === undefined ? {} : { how: first.how }),
  });
  const second = await runAgent({
    store,
    ...room,
    manifest: complete.manifest,
    run: complete.run,
    before: complete.before,
    expects: complete.expected.name,
  });
  noteSandbox(second.sandbox);
  const { comparison } = complete.manifest;
  const outcome = await outcomeProblems(judged, comparison, first, second);
  const workspace = workspaceProblems(first, second, complete.merged);
  return {
    looked: `Executed again by ${first.agent.id}: equal by ${comparison}.`,
    problems: [...outcome, ...workspace],
    unsettled: comparison !== 'digest' && workspace.length === 0 && outcome.length > 0,
  };
}

/** A segment's inputs are many and like each other: a sample of them is executed again, and the check says so. */
async function segmentAgain(
  judged: Judged,
  execution: Execution,
  item: GraphItem,
  first: ItemResult,
  room: CleanRoom,
): Promise<Again> {
  const { store, input } = judged;
  const { accepted, assignment } = input;
  if (!first.agent || !accepted || !assignment)
    return rejected('Agent, request or assignment is not named, so it cannot be executed again.');
  const { work, program, inputs } = await segmentOf({
    ...{ ...inputsOfItem(item, execution), run: judged.run, item, agent: first.agent, accepted, assignment },
    ...{ store, programsFolder: room.programsFolder, signal: room.signal },
  });
  noteSandbox(wasmInForce(program.limits));
  const report = await store.getJson(first.outcome.digest, segmentReportSchema);
  if (report.inputs.digest !== inputs.digest || report.inputs.count !== inputs.count)
    return rejected(`It is not over the ${inputs.count} inputs at ${work.over}.`);
  const { sampled, of, differences } = await repeatSample({
    ...{ store, report, inputs, agent: program, attempts: work.attempts, signal: room.signal },
  });
  return {
    looked: `A sample: ${sampled} of ${of} inputs, drawn by the digest of the results, were executed again by ${first.agent.id}: equal by digest.`,
    problems: differences,
    unsettled: false,
  };
}

async function outcomeProblems(
  { store }: Judged,
  comparison: Comparison,
  first: ItemResult,
  second: AgentResult,
): Promise<string[]> {
  if (first.outcome.digest === second.outcome.digest) return [];
  const [one, other] = await Promise.all([
    store.getJson(first.outcome.digest, jsonSchema),
    store.getJson(second.outcome.digest, jsonSchema),
  ]);
  const { equal, differences } = compareOutcomes(comparison, one, other);
  return equal ? [] : [`The outcome differs: ${differences.join('; ')}.`];
}

/** Another workspace would be another candidate than the one that was validated, however equal the reports are. */
function workspaceProblems(
  first: ItemResult,
  second: AgentResult,
  merged: SnapshotRef | undefined,
): string[] {
  const [one, other] = [first.workspace?.digest ?? 'none', second.workspace?.digest ?? 'none'];
  const workedOn = second.workspace ? undefined : merged;
  return [
    ...(one === other ? [] : [`The workspace differs: ${one}, then ${other}.`]),
    ...(isDeepStrictEqual(first.workedOn, workedOn)
      ? []
      : [`What it worked on was merged again to ${workedOn?.digest ?? 'nothing'}.`]),
  ];
}

/**
 * The sentence of an error that the producer answers for.
 *
 * @throws the error itself where it is the verifier's own, or passes
 */
function producerFault(error: unknown): string {
  const own =
    !(error instanceof HeptadError) || errors[error.code].retryable || error.code === 'SandboxUnavailable';
  if (own) throw error;
  return error.message;
}
