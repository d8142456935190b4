import type { AgentRoom } from '../agents/agent-room.js';
import { agentRunOf } from '../agents/agent-run-of.js';
import { runAgent } from '../agents/run-agent.js';
import type { ArtifactStore } from '../artifacts/artifact-store.js';
import { difference } from '../artifacts/snapshot/difference.js';
import { readSnapshot } from '../artifacts/snapshot/read-snapshot.js';
import type { ArtifactRef } from '../contracts/artifact.js';
import { type ValidationReport, validationReportSchema } from '../contracts/reports/candidate.js';
import type { FitnessMeasurements } from '../contracts/reports/fitness.js';
import type { SnapshotRef } from '../contracts/subject.js';
import { HeptadError } from '../protocol/errors.js';
import { acceptsCandidate, eligibilityOf } from '../synthesis/accepts-candidate.js';
import { fitnessOf, measurementsOf } from '../synthesis/fitness.js';
import { noteSandbox } from '../temporal/attempt-notes.js';
import { reportProblems } from '../verification/self-check/report-problems.js';
import { validationAgainstBaseline } from '../verification/self-check/validation-against-baseline.js';
import type { Ground, Validator } from './ground.js';
import type { KeptEvaluations, Validated } from './kept-evaluations.js';
import type { Measured } from './search.js';

/** Where combinations are built and tested. */
export interface MergeRoom extends AgentRoom {
  readonly store: ArtifactStore;
  readonly signal?: AbortSignal | undefined;
}

/** A workspace to be tested, and the paths in which it is meant to differ from the captured one. */
export interface Combination {
  readonly workspace: SnapshotRef;
  readonly changed: readonly string[];
}

/** What testing a combination showed. */
export interface Evaluated extends Measured {
  readonly reason: string;
  /** Null where it is not eligible. */
  readonly measurements: FitnessMeasurements | null;
  /** Null where the validation ended without a report. */
  readonly validation: ArtifactRef | null;
}

/**
 * Validates a combination as candidates are: by the same agents, from the same inputs, each in a sandbox of its own.
 * A combination whose validation goes over a limit, or ends without a report, is not eligible; that is no error.
 *
 * @param kept where given, what an earlier attempt found is read from it, and what this one finds is kept there
 * @throws HeptadError as `runAgent` does, but for `AgentFailed` and `SandboxLimit`
 */
export async function evaluate(
  ground: Ground,
  room: MergeRoom,
  combination: Combination,
  kept?: KeptEvaluations,
): Promise<Evaluated> {
  const { workspace } = combination;
  let validated = await kept?.get(workspace.digest);
  if (!validated) {
    validated = [];
    for (const validator of ground.validators)
      validated.push(await validate(ground, room, validator, workspace));
    await kept?.keep(workspace.digest, validated);
  }
  return await judge(ground, room.store, combination, validated);
}

async function validate(
  { input }: Ground,
  room: MergeRoom,
  { item, agent, inputs }: Validator,
  workspace: SnapshotRef,
): Promise<Validated> {
  const { store } = room;
  const complete = await agentRunOf({ ...input, store, item, agent, workspace, inputs });
  try {
    const { outcome, sandbox } = await runAgent({
      ...room,
      ...complete,
      expects: complete.expected.name,
    });
    noteSandbox(sandbox);
    return { outcome, failure: null };
  } catch (error) {
    if (!(error instanceof HeptadError) || !['AgentFailed', 'SandboxLimit'].includes(error.code)) throw error;
    // Its message may quote what the program wrote, which need not be the same again.
    return { outcome: null, failure: error.code };
  }
}

async function judge(
  ground: Ground,
  store: ArtifactStore,
  combination: Combination,
  validated: readonly Validated[],
): Promise<Evaluated> {
  const out = { eligible: false, fitness: null, measurements: null };
  const failed = validated.find(({ outcome }) => outcome === null);
  if (failed) return { ...out, reason: `Its validation ended with ${failed.failure}.`, validation: null };
  const found: { outcome: ArtifactRef; report: ValidationReport }[] = [];
  for (const { outcome } of validated)
    if (outcome) found.push({ outcome, report: await store.getJson(outcome.digest, validationReportSchema) });
  const against = found.find(({ report }) => !acceptsCandidate(report)) ?? found[0];
  if (!against) return { ...out, reason: 'It was not validated.', validation: null };
  const { outcome: validation, report } = against;
  const { eligible, reason } = eligibilityOf(report);
  if (!eligible) return { ...out, reason, validation };
  const checks = await checksOn(
    ground,
    store,
    combination,
    found.map((one) => one.report),
  );
  const problems = checks.flat();
  if (problems.length > 0) return { ...out, reason: problems.slice(0, 3).join(' '), validation };
  const measurements = measurementsOf(ground.code, report, { checks: checks.length, ok: checks.length });
  return {
    eligible,
    reason,
    validation,
    measurements,
    fitness: fitnessOf(measurements, ground.template.fitness),
  };
}

/** What each check finds wrong with a combination: its reports by themselves, against the baseline, and its files. */
async function checksOn(
  { captured, baseline }: Ground,
  store: ArtifactStore,
  { workspace, changed }: Combination,
  reports: readonly ValidationReport[],
): Promise<string[][]> {
  const [before, after] = [await readSnapshot(store, captured), await readSnapshot(store, workspace)];
  const found = difference(before, after);
  const different = [...found.added, ...found.changed, ...found.removed];
  return [
    ...reports.flatMap((report) => [
      reportProblems.validation(report),
      validationAgainstBaseline(baseline, report, acceptsCandidate(report)),
    ]),
    [
      ...different
        .filter((path) => !changed.includes(path))
        .map((path) => `${path} differs, which was not meant.`),
      ...changed
        .filter((path) => !different.includes(path))
        .map((path) => `${path} does not differ as was meant.`),
    ],
  ];
}
