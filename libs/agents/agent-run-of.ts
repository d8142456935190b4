import { createHmac } from 'node:crypto';
import type { ArtifactStore } from '../artifacts/artifact-store.js';
import type { AgentItem } from '../contracts/activities.js';
import { type AgentManifest, type AgentRun, agentManifestSchema } from '../contracts/agent.js';
import type { GraphItem, ItemResult } from '../contracts/graph.js';
import { acceptedRequestSchema, assignmentSchema, type NamedRefs } from '../contracts/phase.js';
import type { SnapshotRef } from '../contracts/subject.js';
import { templateSchema } from '../contracts/template.js';
import type { Digest } from '../protocol/digest.js';
import { HeptadError } from '../protocol/errors.js';
import { bodyOf, expectedReport } from '../templates/expected-report.js';
import type { ReportKind } from './read-answer.js';

/** What an agent is executed with, complete: the agents' activity and verifier B make it in the same way. */
export interface CompleteAgentRun {
  readonly manifest: AgentManifest;
  readonly run: AgentRun;
  /** The captured subject, for an item that works on what another one handed back. */
  readonly before?: SnapshotRef;
  /** The kind of report that the template's item asks for. */
  readonly expects: ReportKind;
}

/**
 * Completes an item from the artifacts that it refers to. The agent's parameters are those of the template's
 * item, over them those of its manifest, then `test` (the plan to run the tests by, where there is one), `narrow` (true for
 * a repair) and `secretsKey`.
 *
 * @throws HeptadError `AgentUnknown` the manifest is of another agent; `InputInvalid` the template has no such item
 */
export async function agentRunOf({
  store,
  run,
  item,
  agent,
  accepted,
  assignment,
  workspace,
  inputs,
}: AgentItem & { store: ArtifactStore }): Promise<CompleteAgentRun> {
  const [{ captured, request }, { test, dependencies }, manifest] = await Promise.all([
    store.getJson(accepted.digest, acceptedRequestSchema),
    store.getJson(assignment.digest, assignmentSchema),
    store.getJson(agent.manifest, agentManifestSchema),
  ]);
  if (manifest.id !== agent.id)
    throw new HeptadError(
      'AgentUnknown',
      `The manifest ${agent.manifest} is of ${manifest.id}, not of ${agent.id}.`,
    );
  const template = await store.getJson(request.template.digest, templateSchema);
  const body = bodyOf(template, item.body);
  const { name: expects } = expectedReport(template, body);
  if (expects === 'synthesis' || expects === 'checkpoint' || expects === 'segment')
    throw new HeptadError(
      'InputInvalid',
      `${item.id} asks an agent for a ${expects}, which no single execution of an agent makes.`,
    );
  return {
    manifest,
    expects,
    run: {
      run,
      item: item.id,
      agent: agent.manifest,
      agentId: agent.id,
      workspace: workspace ?? captured.snapshot,
      ...(dependencies ? { dependencies: dependencies.tree } : {}),
      parameters: {
        ...body.parameters,
        ...manifest.parameters,
        ...(test ? { test } : {}),
        ...(item.repairs === null ? {} : { narrow: true }),
        secretsKey: secretsKeyOf(run, captured.snapshot.digest),
      },
      inputs,
    },
    ...(workspace ? { before: captured.snapshot } : {}),
  };
}

/** What an item gets of the results before it: the outcomes of the items that it waits for, and its workspace. */
export function inputsOfItem(
  item: GraphItem,
  results: readonly ItemResult[],
): { inputs: NamedRefs; workspace: SnapshotRef | null } {
  const before = results.filter((result) => item.after.includes(result.item));
  return {
    inputs: Object.fromEntries(before.map((result) => [result.item, result.outcome])),
    workspace: before.find((result) => result.item === item.workspace)?.workspace ?? null,
  };
}

/**
 * Key of the hashes by which reports name secrets. It is not a secret itself: whoever has the run's id and the
 * captured subject can derive it, as verifier B must. It keeps hashes of two runs from being compared.
 */
function secretsKeyOf(run: string, captured: Digest): string {
  return createHmac('sha256', run).update(captured).digest('hex');
}
