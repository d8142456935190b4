import { createHmac } from 'node:crypto';
import { z } from 'zod';
import type { ArtifactStore } from '../artifacts/artifact-store.js';
import { mergeSnapshots } from '../artifacts/snapshot/merge-snapshots.js';
import { continuedId } from '../continuation/continued-work.js';
import { readResumption } from '../continuation/resumed.js';
import type { AgentItem } from '../contracts/activities.js';
import { type AgentManifest, type AgentRun, type Grant } from '../contracts/agent.js';
import { type ControlFile, controlFilesId } from '../contracts/control-files.js';
import { type Discovery, discoverySchema } from '../contracts/discovery.js';
import type { GraphItem } from '../contracts/graph.js';
import {
  acceptedRequestSchema,
  assignmentSchema,
  type Execution,
  type GrantedProfile,
  type NamedRefs,
} from '../contracts/phase.js';
import type { SnapshotRef } from '../contracts/subject.js';
import { type DoneDefinition, templateSchema } from '../contracts/template.js';
import { basisOf } from '../graph/basis-of.js';
import { partOf } from '../graph/split.js';
import type { Digest } from '../protocol/digest.js';
import { HeptadError } from '../protocol/errors.js';
import { firstOf } from '../synthesis/order.js';
import { instructionsOf } from '../templates/categories.js';
import { type Body, bodyOf, type Expected, expectedReport } from '../templates/expected-report.js';
import { valueAt } from '../templates/value-at.js';
import type { ReportKind } from './read-answer.js';
import { readManifest } from './read-manifest.js';

/** What an agent is executed with, complete: the agents' activity and verifier B make it in the same way. */
export interface CompleteAgentRun {
  readonly manifest: AgentManifest;
  readonly run: AgentRun;
  /** The captured subject, for an item that works on what another one handed back. */
  readonly before?: SnapshotRef;
  /** The contract of the outcome that the template asks for. */
  readonly expected: Expected & { readonly name: ReportKind };
  /** What the outcome is checked by. */
  readonly done: DoneDefinition;
  /** The workspace, where it was merged from several. */
  readonly merged?: SnapshotRef;
}

/**
 * Inputs that an agent gets (A4-30). Of more, those nearest before it: the last ones in the graph's order, which is that
 * of the plan and then that in which items were made for discoveries.
 */
const mostInputs = 1000;

/**
 * Completes an item from the artifacts that it refers to. The agent's parameters are those of the template's item, over
 * them those of the candidate, the values of its `inputs`, those of the discovery that it was made for (which is in
 * `discovery`), those of its manifest, then `test` (the plan to run the tests
 * by, where there is one), `narrow` (true for a repair and a narrower scope), `log`, `part` and `secretsKey`.
 *
 * @throws HeptadError `AgentUnknown` the manifest is of another agent; `InputInvalid` the template has no such item
 * @throws HeptadError `MergeConflict` what it works on cannot be merged
 */
export async function agentRunOf({
  store,
  run,
  item,
  agent,
  accepted,
  assignment,
  workspace,
  inputs: all,
  merge = [],
  how,
  part,
}: AgentItem & { store: ArtifactStore }): Promise<CompleteAgentRun> {
  const [{ captured, request }, { test, dependencies, profiles = {}, controlFiles }, manifest] =
    await Promise.all([
      store.getJson(accepted.digest, acceptedRequestSchema),
      store.getJson(assignment.digest, assignmentSchema),
      readManifest(store, agent),
    ]);
  const template = await store.getJson(request.template.digest, templateSchema);
  const resumption = await readResumption(store, request);
  const body = bodyOf(template, item.body);
  const { name, schema } = expectedReport(template, body);
  if (name === 'synthesis' || name === 'checkpoint' || name === 'segment')
    throw new HeptadError(
      'InputInvalid',
      `${item.id} asks an agent for a ${name}, which no single execution of an agent makes.`,
    );
  const inputs = Object.fromEntries(Object.entries(all).slice(-mostInputs));
  const merged =
    merge.length > 0 ? await mergedWorkspace(store, item, workspace ?? captured.snapshot, merge) : null;
  const instructions = instructionsOf(template, item.category);
  const candidate =
    item.candidate !== null && 'candidates' in body ? body.candidates?.[item.candidate] : undefined;
  const budget = grantOf(profiles[item.body], how);
  const narrow = item.repairs !== null || how === 'narrow';
  return {
    manifest,
    expected: { name, schema },
    done: body.done,
    run: {
      run,
      item: item.id,
      agent: agent.manifest,
      agentId: agent.id,
      ...(instructions === undefined ? {} : { instructions }),
      workspace: merged ?? workspace ?? captured.snapshot,
      ...(dependencies ? { dependencies: dependencies.tree } : {}),
      parameters: {
        ...body.parameters,
        ...candidate?.parameters,
        ...(await namedInputs(store, body, request.input, all)),
        ...(await discoveryOf(store, item, all, {
          left: resumption?.discoveries ?? [],
          controlFiles: controlFiles ?? [],
        })),
        ...manifest.parameters,
        ...(test ? { test } : {}),
        ...(narrow ? { narrow: true } : {}),
        ...(how === 'log' ? { log: true } : {}),
        ...(part ? { part } : {}),
        // Reports of earlier runs that are used again are compared with those that are made now.
        secretsKey: secretsKeyOf(resumption?.origin ?? run, captured.snapshot.digest),
      },
      inputs,
      ...(budget ? { budget } : {}),
    },
    ...(workspace || merged ? { before: captured.snapshot } : {}),
    ...(merged ? { merged } : {}),
  };
}

/** What an item gets of what came before it: outcomes by item, the workspace that it works on, what is merged for it. */
export function inputsOfItem(
  item: GraphItem,
  { graph, results, unfinished }: Pick<Execution, 'graph' | 'results' | 'unfinished'>,
): Required<Pick<AgentItem, 'inputs' | 'workspace' | 'merge'>> & Pick<AgentItem, 'part'> {
  const byItem = new Map(results.map((result) => [result.item, result]));
  const skipped = new Set(unfinished.flatMap((one) => (one.status === 'skipped' ? one.item : [])));
  const before = results.filter((result) => item.after.includes(result.item));
  const part = partOf(item);
  return {
    inputs: Object.fromEntries(before.map((result) => [result.item, result.outcome])),
    ...basisOf(item, {
      item: (id) => graph.items.find((one) => one.id === id),
      result: (id) => byItem.get(id),
      isSkipped: (id) => skipped.has(id),
    }),
    ...(part ? { part } : {}),
  };
}

/**
 * What an execution may use of its item's budget. One that follows a failure, with a narrower scope or with everything
 * said kept, has the agent's own memory and time: it may have failed for lack of them. Its share of the processors stays.
 */
function grantOf(granted: GrantedProfile | undefined, how: AgentItem['how']): Grant | undefined {
  if (!granted) return undefined;
  const { scaled: _, cpuPercent, ...bounds } = granted;
  const again = how === 'narrow' || how === 'log';
  return {
    ...(cpuPercent === undefined ? {} : { cpuPercent }),
    ...(again ? {} : bounds),
  };
}

async function mergedWorkspace(
  store: ArtifactStore,
  { id }: GraphItem,
  base: SnapshotRef,
  changed: readonly SnapshotRef[],
): Promise<SnapshotRef> {
  const merged = await mergeSnapshots(store, base, changed);
  if ('snapshot' in merged) return merged.snapshot;
  const conflicts = merged.conflicts.map(({ path, reason }) => `${path}: ${reason}`);
  throw new HeptadError('MergeConflict', `What ${id} works on cannot be merged. ${firstOf(conflicts)}`);
}

/** The values that the template's item names, of the run's input and of outcomes before it. */
async function namedInputs(
  store: ArtifactStore,
  body: Body,
  input: Readonly<Record<string, unknown>>,
  outcomes: NamedRefs,
): Promise<Record<string, unknown>> {
  const values: Record<string, unknown> = {};
  for (const [name, reference] of Object.entries(body.inputs)) {
    const [root = '', ...names] = reference.split('.');
    const outcome = outcomes[root];
    const value = root === 'input' ? input : outcome && (await store.getJson(outcome.digest, z.unknown()));
    const found = valueAt(value, names);
    if (found !== undefined) values[name] = found;
  }
  return values;
}

const listSchema = z.looseObject({ discoveries: z.array(z.unknown()) });

/**
 * The discovery that an item was made for, or the line of a control file, with its parameters; or the failure that it
 * recovers from.
 *
 * @param elsewhere what an earlier run left, which this one continues, and the control files of the subject
 */
async function discoveryOf(
  store: ArtifactStore,
  { rules }: GraphItem,
  outcomes: NamedRefs,
  {
    left,
    controlFiles,
  }: { readonly left: readonly Discovery[]; readonly controlFiles: readonly ControlFile[] },
): Promise<Record<string, unknown>> {
  const { by, index, recovers } = rules?.discovered ?? {};
  if (by === undefined) return {};
  if (recovers !== undefined) return { discovery: { recovers: by, code: recovers } };
  if (by === continuedId) {
    const discovery = index === undefined ? undefined : left[index];
    return discovery ? { ...discovery.parameters, discovery } : {};
  }
  if (by === controlFilesId) {
    const asked = controlFiles.flatMap(({ items }) => items).find((one) => one.index === index);
    return asked?.discovery ? { ...asked.discovery.parameters, discovery: asked.discovery } : {};
  }
  const outcome = outcomes[by];
  if (index === undefined || !outcome) return {};
  const { discoveries } = await store.getJson(outcome.digest, listSchema);
  const discovery = discoverySchema.parse(discoveries[index]);
  return { ...discovery.parameters, discovery };
}

/**
 * Key of the hashes by which reports name secrets. It is not a secret itself: whoever has the run's id and the
 * captured subject can derive it, as verifier B must. It keeps hashes of two runs from being compared.
 */
function secretsKeyOf(run: string, captured: Digest): string {
  return createHmac('sha256', run).update(captured).digest('hex');
}
