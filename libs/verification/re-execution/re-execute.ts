import type { AgentRoom } from '../../agents/agent-room.js';
import { agentRunOf, inputsOfItem } from '../../agents/agent-run-of.js';
import { compareOutcomes } from '../../agents/compare.js';
import { runAgent } from '../../agents/run-agent.js';
import { inParallel } from '../../artifacts/snapshot/in-parallel.js';
import type { AgentManifest, AgentResult } from '../../contracts/agent.js';
import type { GraphItem, ItemResult } from '../../contracts/graph.js';
import { type Execution, executionSchema } from '../../contracts/phase.js';
import { errors, HeptadError } from '../../protocol/errors.js';
import { noteSandbox } from '../../temporal/attempt-notes.js';
import type { CheckList } from '../check-list.js';
import { jsonSchema } from '../json-schema.js';
import type { Judged } from '../judged.js';
import { recomputeBarrier } from './recompute-barrier.js';

/** Where agents are executed again. */
export interface CleanRoom extends AgentRoom {
  readonly signal?: AbortSignal | undefined;
  readonly onActivity?: (() => void) | undefined;
}

/** Agents that are executed at once. */
const atOnce = 2;

/**
 * Pass B of execute: every item with a result is executed again from the same inputs, agents in a clean sandbox,
 * barriers by the functions that define them. Outcomes and workspaces are compared by digest, or as the agent's
 * manifest declares. Nothing of the first execution is read but its inputs and, to compare, its outcomes.
 *
 * @throws HeptadError what is not the producer's fault, such as `SandboxUnavailable`
 */
export async function reExecute(judged: Judged, checks: CheckList, room: CleanRoom): Promise<void> {
  const execution = await checks.attempt('output-read', 'The output could be read.', () =>
    judged.store.getJson(judged.output.digest, executionSchema),
  );
  if (!execution) return;
  const found = new Map<string, { looked: string; problems: string[] }>();
  await inParallel(execution.results, atOnce, async (result) => {
    found.set(result.item, await again(judged, execution, result, room));
  });
  for (const { item } of execution.results) {
    const { looked, problems } = found.get(item) ?? { looked: '', problems: ['It was not executed again.'] };
    checks.problems(`again:${item}`, looked, problems);
  }
  checks.add(
    'items-executed-again',
    found.size === execution.results.length && found.size > 0,
    `${found.size} of ${execution.results.length} items with a result were executed again.`,
  );
}

interface Again {
  readonly looked: string;
  readonly problems: string[];
}

async function again(
  judged: Judged,
  execution: Execution,
  result: ItemResult,
  room: CleanRoom,
): Promise<Again> {
  try {
    room.signal?.throwIfAborted();
    const item = execution.graph.items.find(({ id }) => id === result.item);
    if (!item) return { looked: '', problems: [`${result.item} is not an item of the graph.`] };
    if (item.kind !== 'agent') return await recomputeBarrier(judged, execution, item, result);
    return await executeAgain(judged, execution, item, result, room);
  } catch (error) {
    return { looked: '', problems: [`It could not be executed again: ${producerFault(error)}`] };
  }
}

async function executeAgain(
  judged: Judged,
  execution: Execution,
  item: GraphItem,
  first: ItemResult,
  room: CleanRoom,
): Promise<Again> {
  const { store, run, input } = judged;
  const { accepted, assignment } = input;
  if (!first.agent || !accepted || !assignment)
    return {
      looked: '',
      problems: ['Agent, request or assignment is not named, so it cannot be executed again.'],
    };
  const before = inputsOfItem(item, execution.results);
  const complete = await agentRunOf({
    store,
    run,
    item,
    agent: first.agent,
    accepted,
    assignment,
    ...before,
  });
  const second = await runAgent({
    store,
    ...room,
    manifest: complete.manifest,
    run: complete.run,
    before: complete.before,
    expects: complete.expects,
  });
  noteSandbox(second.sandbox);
  const problems = await differences(judged, complete.manifest, first, second);
  return {
    looked: `Executed again by ${first.agent.id}: equal by ${complete.manifest.comparison}.`,
    problems,
  };
}

async function differences(
  { store }: Judged,
  { comparison }: AgentManifest,
  first: ItemResult,
  second: AgentResult,
): Promise<string[]> {
  const problems: string[] = [];
  if (first.outcome.digest !== second.outcome.digest) {
    const [one, other] = await Promise.all([
      store.getJson(first.outcome.digest, jsonSchema),
      store.getJson(second.outcome.digest, jsonSchema),
    ]);
    const compared = compareOutcomes(comparison, one, other);
    if (!compared.equal) problems.push(`The outcome differs: ${compared.differences.join('; ')}.`);
  }
  // Another workspace would be another candidate than the one that was validated, however equal the reports are.
  const [one, other] = [first.workspace?.digest ?? 'none', second.workspace?.digest ?? 'none'];
  if (one !== other) problems.push(`The workspace differs: ${one}, then ${other}.`);
  return problems;
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
