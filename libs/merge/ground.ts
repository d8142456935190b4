import { inputsOfItem } from '../agents/agent-run-of.js';
import type { ArtifactStore } from '../artifacts/artifact-store.js';
import type { AgentActivities } from '../contracts/activities.js';
import type { ArtifactRef } from '../contracts/artifact.js';
import type { AgentRef, GraphItem } from '../contracts/graph.js';
import {
  acceptedRequestSchema,
  type Execution,
  executionSchema,
  type NamedRefs,
} from '../contracts/phase.js';
import type { ValidationReport } from '../contracts/reports/candidate.js';
import type { CodeReport } from '../contracts/reports/code.js';
import { judgementSchema, type Standing } from '../contracts/reports/synthesis.js';
import type { TestRun } from '../contracts/reports/tests.js';
import type { SnapshotRef } from '../contracts/subject.js';
import { type Template, templateSchema } from '../contracts/template.js';
import { HeptadError } from '../protocol/errors.js';
import { acceptsCandidate } from '../synthesis/accepts-candidate.js';
import { collect } from '../synthesis/collect.js';
import { byCodeUnit } from '../synthesis/order.js';
import { readResults } from '../synthesis/read-results.js';
import { type Collected, ofKind } from '../synthesis/report.js';

/** What candidates are merged from: the run, and the artifacts of its phases so far. */
export type MergeInput = Parameters<AgentActivities['mergeCandidates']>[0];

/** A candidate of the execution, as it was judged. */
export interface Parent
  extends Pick<Standing, 'candidate' | 'item' | 'eligible' | 'fitness' | 'measurements'> {
  readonly workspace: SnapshotRef;
  /** Undefined where it was not validated. */
  readonly validation: { readonly outcome: ArtifactRef; readonly report: ValidationReport } | undefined;
}

/** An item of the graph by which combinations are validated, as candidates were. */
export interface Validator {
  readonly item: GraphItem;
  readonly agent: AgentRef;
  /** The outcomes that it compares with. */
  readonly inputs: NamedRefs;
}

/** What the search stands on, read from the artifacts of the phases before. */
export interface Ground {
  readonly input: MergeInput;
  readonly captured: SnapshotRef;
  readonly template: Template;
  /** The best first; those that are not eligible last. */
  readonly parents: readonly Parent[];
  readonly validators: readonly Validator[];
  readonly code: CodeReport;
  /** The tests as they ran on the captured subject. */
  readonly baseline: TestRun;
}

/**
 * Reads what candidates are merged from.
 *
 * @throws HeptadError `InputInvalid` the execution has no candidate with a validation, a code report and a baseline, or
 *   its artifacts do not belong together; `ArtifactUnknown`, `ArtifactCorrupt`
 */
export async function readGround(store: ArtifactStore, input: MergeInput): Promise<Ground> {
  const [accepted, execution, judgement] = await Promise.all([
    store.getJson(input.accepted.digest, acceptedRequestSchema),
    store.getJson(input.executed.digest, executionSchema),
    store.getJson(input.judged.digest, judgementSchema),
  ]);
  const template = await store.getJson(accepted.request.template.digest, templateSchema);
  const arrived = await readResults(store, execution.results, execution.graph.items, template);
  const { inputs } = collect(arrived);
  const parents = judgement.standings
    .map((standing) => parentOf(standing, execution, inputs))
    .sort(bestFirst(judgement.standings));
  const code = ofKind(inputs, 'code')[0]?.report;
  const baseline = ofKind(inputs, 'infrastructure')[0]?.report.baseline;
  const validated = parents.find(({ validation }) => validation !== undefined);
  if (!code || !baseline || !validated)
    throw new HeptadError(
      'InputInvalid',
      'Candidates can be merged where there is a validated one, a code report and a baseline; the execution lacks one of them.',
    );
  return {
    input,
    captured: accepted.captured.snapshot,
    template,
    parents,
    validators: validatorsOf(validated.item, execution, inputs),
    code,
    baseline,
  };
}

function parentOf(standing: Standing, execution: Execution, inputs: readonly Collected[]): Parent {
  const { candidate, item, eligible, fitness, measurements } = standing;
  const workspace = execution.results.find((result) => result.item === item)?.workspace;
  if (!workspace || workspace.digest !== standing.workspace)
    throw new HeptadError(
      'InputInvalid',
      `The judgement names the workspace ${standing.workspace} for ${item}; the execution has ${workspace?.digest ?? 'none'}.`,
    );
  const validations = ofKind(inputs, 'validation').filter(({ workedOn }) => workedOn === item);
  // The one that speaks against it, where several validated it.
  const found = validations.find(({ report }) => !acceptsCandidate(report)) ?? validations[0];
  const outcome = execution.results.find((result) => result.item === found?.item)?.outcome;
  return {
    candidate,
    item,
    eligible,
    fitness,
    measurements,
    workspace,
    validation: found && outcome ? { outcome, report: found.report } : undefined,
  };
}

/** By fitness, then fewer findings, then fewer changed lines, then by item, as the judgement finds the best. */
const bestFirst = (standings: readonly Standing[]) => {
  const of = new Map(standings.map((standing) => [standing.item, standing]));
  const rank = ({ item, eligible, fitness }: Parent): readonly number[] => [
    -(eligible ? (fitness ?? Number.NEGATIVE_INFINITY) : Number.NEGATIVE_INFINITY),
    of.get(item)?.findings ?? 0,
    of.get(item)?.linesChanged ?? 0,
  ];
  return (a: Parent, b: Parent): number => {
    const [one, other] = [rank(a), rank(b)];
    for (const [index, value] of one.entries()) {
      const against = other[index] ?? 0;
      if (value !== against) return value < against ? -1 : 1;
    }
    return byCodeUnit(a.item, b.item);
  };
};

/** The validations of a candidate, each with the agent that made it. */
function validatorsOf(candidate: string, execution: Execution, inputs: readonly Collected[]): Validator[] {
  return ofKind(inputs, 'validation')
    .filter(({ workedOn }) => workedOn === candidate)
    .flatMap(({ item: id }) => {
      const item = execution.graph.items.find((one) => one.id === id);
      const agent = execution.results.find((result) => result.item === id)?.agent;
      if (!item || !agent) return [];
      const { [candidate]: _, ...others } = inputsOfItem(item, execution).inputs;
      return [{ item: { ...item, id: 'merge', repairs: null }, agent, inputs: others }];
    });
}
