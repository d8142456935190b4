import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { inputsOfItem } from '../../agents/agent-run-of.js';
import { difference } from '../../artifacts/snapshot/difference.js';
import { readSnapshot } from '../../artifacts/snapshot/read-snapshot.js';
import { agentManifestSchema } from '../../contracts/agent.js';
import type { GraphItem, ItemResult } from '../../contracts/graph.js';
import {
  type AcceptedRequest,
  acceptedRequestSchema,
  assignmentSchema,
  type Execution,
} from '../../contracts/phase.js';
import { type CustomReport, type ReportByName, reportSchemas } from '../../contracts/reports/by-name.js';
import type { CandidateReport, ValidationReport } from '../../contracts/reports/candidate.js';
import type { SegmentReport } from '../../contracts/reports/segment.js';
import type { Checkpoint, Synthesis } from '../../contracts/reports/synthesis.js';
import type { ReportName } from '../../contracts/template.js';
import { type Template, templateSchema } from '../../contracts/template.js';
import { needsAgent } from '../../graph/needs-agent.js';
import { isNotNeeded } from '../../graph/not-needed.js';
import { readInputs } from '../../segments/read-inputs.js';
import { tolerated } from '../../segments/run-segment.js';
import { chunkProblems } from '../../segments/segment-problems.js';
import { doneProblems } from '../../templates/done-problems.js';
import { bodyOf, expectedOutput, expectedReport } from '../../templates/expected-report.js';
import { factsOfOutcome } from '../../templates/facts-of-outcome.js';
import { schemaProblems } from '../../templates/json-schema.js';
import { type CheckList, faultOf } from '../check-list.js';
import { jsonSchema } from '../json-schema.js';
import type { Judged } from '../judged.js';
import { inputOf, readInput } from '../read-input.js';
import { admissionProblems } from './admissions.js';
import { graphProblems, growthProblems } from './graph.js';
import { reportProblems } from './report-problems.js';
import { validationAgainstBaseline } from './validation-against-baseline.js';

/** What the results of an execution are judged against. */
interface Ground {
  readonly judged: Judged;
  readonly execution: Execution;
  readonly accepted: AcceptedRequest;
  readonly template: Template;
}

/** Pass A of execute: each item has exactly one result, of its own agent, that keeps to its contract and adds up. */
export async function checkExecution(judged: Judged, checks: CheckList, execution: Execution): Promise<void> {
  const { graph, results, unfinished } = execution;
  await checks.attempt(
    'graph-grown-from-plan',
    'It is the planned graph with repairs within their budget, and what discoveries led to.',
    async (problems) => {
      const assignment = await readInput(judged, 'assignment', assignmentSchema);
      problems.push(
        ...graphProblems(graph),
        ...growthProblems(assignment.graph, graph),
        ...(await admissionProblems(judged, execution)),
      );
    },
  );
  checks.problems(
    'each-item-once',
    `${results.length} items have one result each; ${unfinished.length} ended without one.`,
    onceProblems(execution),
  );
  await checks.attempt(
    'reused-as-planned',
    'What was not done again is what the assignment takes over from an earlier run.',
    async (problems) => {
      const { reused = [] } = await readInput(judged, 'assignment', assignmentSchema);
      problems.push(...reuseProblems(results, reused));
    },
  );
  const ground = await checks.attempt('ground-known', 'Request and template can be read.', async () => {
    const accepted = await readInput(judged, 'accepted', acceptedRequestSchema);
    const template = await judged.store.getJson(accepted.request.template.digest, templateSchema);
    return { judged, execution, accepted, template };
  });
  if (!ground) return;
  const items = new Map(graph.items.map((item) => [item.id, item]));
  for (const result of results) {
    const item = items.get(result.item);
    if (!item) continue;
    const problems: string[] = [];
    try {
      problems.push(
        ...standInProblems(execution, result),
        ...(await agentProblems(ground, item, result)),
        ...(await outcomeProblems(ground, item, result)),
      );
    } catch (error) {
      problems.push(faultOf(error));
    }
    checks.problems(`result:${item.id}`, 'It is of its agent, keeps to its contract, and adds up.', problems);
  }
}

function onceProblems({ graph, results, unfinished }: Execution): string[] {
  const known = new Set(graph.items.map(({ id }) => id));
  const times = new Map<string, number>();
  for (const { item } of [...results, ...unfinished]) times.set(item, (times.get(item) ?? 0) + 1);
  return [
    ...[...known]
      .filter((id) => !times.has(id))
      .map((id) => `${id} has no result and is not said to be unfinished.`),
    ...[...times]
      .filter(([id]) => !known.has(id))
      .map(([id]) => `There is a result of ${id}, which is not an item.`),
    ...[...times].filter(([, count]) => count > 1).map(([id, count]) => `${id} has ${count} results.`),
  ];
}

/** What is taken over is there as it was, and nothing else is said to be of an earlier run. */
function reuseProblems(results: readonly ItemResult[], reused: readonly ItemResult[]): string[] {
  const known = new Map(reused.map((result) => [result.item, result]));
  const found = new Map(results.map((result) => [result.item, result]));
  return [
    ...reused
      .filter((result) => !isDeepStrictEqual(found.get(result.item), result))
      .map(({ item }) => `${item} was taken over from an earlier run, and its result is not that one.`),
    ...results
      .filter(({ item, reusedFrom }) => reusedFrom !== undefined && !known.has(item))
      .map(
        ({ item, reusedFrom }) =>
          `${item} is said to be of the run ${reusedFrom}, from which it was not taken over.`,
      ),
  ];
}

/** What stands in for an item is that item's own result, under the other's name. */
function standInProblems({ results, graph }: Execution, result: ItemResult): string[] {
  if (result.standIn === undefined) return [];
  const stood = results.find(({ item }) => item === result.standIn);
  const item = graph.items.find(({ id }) => id === result.standIn);
  if (item?.rules?.standby?.for !== result.item)
    return [`${result.standIn} does not stand by for ${result.item}.`];
  const { standIn: _, ...own } = result;
  return stood && isDeepStrictEqual({ ...own, item: stood.item }, stood)
    ? []
    : [`It is not the result of ${result.standIn}, which is said to stand in for it.`];
}

async function agentProblems(
  { judged }: Ground,
  item: GraphItem,
  { agent, workspace, standIn }: ItemResult,
): Promise<string[]> {
  if (!needsAgent(item.kind))
    return agent || workspace ? ['A barrier names no agent and hands back no workspace.'] : [];
  if (!agent) return ['It names no agent.'];
  // What stood in for it answers for itself, as an item of its own.
  if (standIn !== undefined) return [];
  if (!item.agents.some(({ id, manifest }) => id === agent.id && manifest === agent.manifest))
    return [`It is of ${agent.id}, which was not assigned to it.`];
  const manifest = await judged.store.getJson(agent.manifest, agentManifestSchema);
  const problems: string[] = [];
  if (manifest.id !== agent.id) problems.push(`The manifest of ${agent.id} is that of ${manifest.id}.`);
  if (manifest.writes !== (workspace !== null))
    problems.push(
      manifest.writes ? 'It handed back no workspace.' : 'It handed back a workspace, but may not write.',
    );
  return problems;
}

async function outcomeProblems(ground: Ground, item: GraphItem, result: ItemResult): Promise<string[]> {
  // What stood in for it was checked as itself; that the two are the same is looked at beside.
  if (result.standIn !== undefined)
    return drivingProblems(
      item,
      result,
      await ground.judged.store.getJson(result.outcome.digest, jsonSchema),
    );
  const body = bodyOf(ground.template, item.body);
  const { name } = expectedReport(ground.template, body);
  const outcome = await ground.judged.store.getJson(result.outcome.digest, jsonSchema);
  return [
    ...(await checkers[name](ground, item, result)),
    ...doneProblems(body.done, outcome),
    ...drivingProblems(item, result, outcome),
  ];
}

type Checker = (ground: Ground, item: GraphItem, result: ItemResult) => Promise<string[]>;

/** Reads the outcome by its contract, and looks at it alone and in its surroundings. */
const checker = <Name extends ReportName>(
  name: Name,
  around: (
    ground: Ground,
    item: GraphItem,
    result: ItemResult,
    report: ReportByName[Name],
  ) => Promise<string[]> | string[],
): Checker => {
  return async (ground, item, result) => {
    const report = await ground.judged.store.getJson<ReportByName[Name]>(
      result.outcome.digest,
      reportSchemas[name],
    );
    return [...reportProblems[name](report), ...(await around(ground, item, result, report))];
  };
};

const undecided = ({ accepted }: ItemResult): string[] =>
  accepted ? [] : ['It is said not to be accepted, but only validations and checkpoints decide.'];

const alwaysAccepted = (_: Ground, __: GraphItem, result: ItemResult): string[] => undecided(result);

const checkers: Readonly<Record<ReportName, Checker>> = {
  architecture: checker('architecture', alwaysAccepted),
  code: checker('code', alwaysAccepted),
  infrastructure: checker('infrastructure', alwaysAccepted),
  candidate: checker('candidate', candidateProblems),
  validation: checker('validation', validationProblems),
  synthesis: checker('synthesis', synthesisInputProblems),
  checkpoint: checker('checkpoint', checkpointProblems),
  custom: checker('custom', customProblems),
  segment: checker('segment', segmentProblems),
};

function checkpointProblems(
  { template }: Ground,
  item: GraphItem,
  { accepted }: ItemResult,
  { passed, decision }: Checkpoint,
): string[] {
  const { work } = bodyOf(template, item.body);
  const byMatrix = work.kind === 'checkpoint' && work.decides === 'matrix';
  return [
    ...(accepted === passed ? [] : ['Whether it was accepted is not what the checkpoint says.']),
    ...(byMatrix === (decision !== undefined)
      ? []
      : [`Its template ${byMatrix ? 'has' : 'does not have'} it decide by the matrix.`]),
  ];
}

/** What the graph was driven by must be what the outcome says: each fact that was asked for, and how much it discovered. */
function drivingProblems(
  item: GraphItem,
  { facts = {}, discoveries = 0, standIn }: ItemResult,
  outcome: unknown,
): string[] {
  const asked = item.rules?.facts ?? [];
  // What stood in for it was asked for its own.
  const expected = factsOfOutcome(outcome, standIn === undefined ? asked : Object.keys(facts));
  const found = discoveriesSchema.safeParse(outcome).data?.discoveries.length ?? 0;
  return [
    ...[...new Set([...Object.keys(facts), ...Object.keys(expected)])]
      .filter((path) => !isDeepStrictEqual(expected[path], facts[path]))
      .map((path) =>
        asked.includes(path) || standIn !== undefined
          ? `The fact ${path} is not that of its outcome.`
          : `The fact ${path} was not asked for.`,
      ),
    ...(found === discoveries
      ? []
      : [`It is said to carry ${discoveries} discoveries, and carries ${found}.`]),
  ];
}

const discoveriesSchema = z.looseObject({ discoveries: z.array(z.unknown()) });

/** A segment: its chunks are there, and have each of the inputs that the item is over exactly once. */
async function segmentProblems(
  { judged, template, execution }: Ground,
  item: GraphItem,
  result: ItemResult,
  report: SegmentReport,
): Promise<string[]> {
  const body = bodyOf(template, item.body);
  const { work } = body;
  if (!result.agent || work.kind !== 'map') return ['It has no agent, or is not over a list.'];
  const { store, signal } = judged;
  const { driver } = await store.getJson(result.agent.manifest, agentManifestSchema);
  if (driver.kind !== 'micro') return [`${result.agent.id} is no micro agent.`];
  const { count, digest } = await readInputs({
    ...{ store, signal, over: work.over, chunk: work.chunk },
    accepted: inputOf(judged, 'accepted'),
    inputs: inputsOfItem(item, execution).inputs,
  });
  const problems = undecided(result);
  if (report.inputs.count !== count || report.inputs.digest !== digest)
    problems.push(`Its inputs are not the ${count} at ${work.over}.`);
  if (report.failed > tolerated(work.tolerate, count))
    problems.push(`${report.failed} inputs failed, more than are tolerated.`);
  return [...problems, ...(await chunkProblems(store, report, driver.outcome, expectedOutput(body)))];
}

/** An outcome of a contract of the template's own: it keeps to its JSON Schema, and to when it is done. */
function customProblems(
  { template }: Ground,
  item: GraphItem,
  result: ItemResult,
  { outcome }: CustomReport,
): string[] {
  const { schema } = expectedReport(template, bodyOf(template, item.body));
  const problems = schema === null ? [] : schemaProblems(schema, outcome);
  return [...undecided(result), ...problems.map(({ path, reason }) => `${path || '/'}: ${reason}`)];
}

async function candidateProblems(
  { judged, execution, accepted }: Ground,
  item: GraphItem,
  result: ItemResult,
  { changed }: CandidateReport,
): Promise<string[]> {
  if (!result.workspace) return ['It handed back no workspace.'];
  const source = execution.results.find((other) => other.item === item.workspace)?.workspace;
  const before = await readSnapshot(judged.store, source ?? accepted.captured.snapshot);
  const after = await readSnapshot(judged.store, result.workspace);
  const found = difference(before, after);
  const different = [...found.added, ...found.changed, ...found.removed].sort();
  const stated = [...changed].sort();
  const problems = undecided(result);
  for (const path of different)
    if (!stated.includes(path)) problems.push(`${path} differs, but is not said to be changed.`);
  for (const path of stated)
    if (!different.includes(path)) problems.push(`${path} is said to be changed, but is the same.`);
  return problems;
}

async function validationProblems(
  { judged, execution, template }: Ground,
  _: GraphItem,
  result: ItemResult,
  report: ValidationReport,
): Promise<string[]> {
  const items = new Set(
    execution.graph.items
      .filter(({ body }) => expectedReport(template, bodyOf(template, body)).name === 'infrastructure')
      .map(({ id }) => id),
  );
  const baseline = execution.results.find(({ item }) => items.has(item));
  if (!baseline) return ['There is no baseline to validate against.'];
  const { baseline: before } = await judged.store.getJson(
    baseline.outcome.digest,
    reportSchemas.infrastructure,
  );
  return validationAgainstBaseline(before, report, result.accepted);
}

function synthesisInputProblems(
  { execution }: Ground,
  item: GraphItem,
  result: ItemResult,
  { inputs, missing, lacking: explained = [], notNeeded = [] }: Synthesis,
): string[] {
  const problems: string[] = [];
  const without = new Map(execution.unfinished.map((one) => [one.item, one]));
  const spared = new Set(execution.unfinished.filter(isNotNeeded).map((one) => one.item));
  for (const id of item.after) {
    const before = execution.results.find((other) => other.item === id);
    const input = inputs.find((other) => other.item === id);
    if (before && input?.outcome !== before.outcome.digest)
      problems.push(`It does not take in the outcome of ${id}.`);
    if (!before && spared.has(id) !== notNeeded.includes(id))
      problems.push(`${id} is ${spared.has(id) ? 'not said' : 'said'} to be not needed.`);
    else if (!before && spared.has(id) === missing.includes(id))
      problems.push(
        spared.has(id)
          ? `${id} was not needed, and is said to be missing.`
          : `${id} has no result, and is not said to be missing.`,
      );
  }
  const waived = new Set(execution.unfinished.filter((one) => one.waived).map((one) => one.item));
  const lacking = missing.filter((id) => !waived.has(id));
  if (result.accepted !== (lacking.length === 0))
    problems.push('Whether it was accepted is not what the results say that it lacks.');
  for (const { item: id, code, waived } of explained)
    if (code !== without.get(id)?.code || !isDeepStrictEqual(waived, without.get(id)?.waived ?? null))
      problems.push(`Why ${id} has no result, or who waived it, is not what the execution says.`);
  for (const { item: id } of inputs)
    if (!item.after.includes(id)) problems.push(`It takes in ${id}, which it does not wait for.`);
  return problems;
}
