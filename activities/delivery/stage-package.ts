import type { ArtifactStore } from '../../libs/artifacts/artifact-store.js';
import { mediaType } from '../../libs/artifacts/media-types.js';
import { patchOf } from '../../libs/artifacts/snapshot/patch-of.js';
import type { DeliveryActivities } from '../../libs/contracts/activities.js';
import type { ArtifactRef, NamedArtifact } from '../../libs/contracts/artifact.js';
import {
  acceptedRequestSchema,
  assignmentSchema,
  executionSchema,
  type PackageManifest,
  type StagedPackage,
} from '../../libs/contracts/phase.js';
import { judgementSchema, synthesisSchema } from '../../libs/contracts/reports/synthesis.js';
import { continuityPage } from '../../libs/packaging/continuity.js';
import { packagePathProblem } from '../../libs/packaging/package-path.js';
import { readRecords, readReports } from '../../libs/packaging/read-report-data.js';
import { packageReadme } from '../../libs/packaging/readme.js';
import type { ReportData } from '../../libs/packaging/report/report-data.js';
import { reportPage } from '../../libs/packaging/report/report-page.js';
import { HeptadError } from '../../libs/protocol/errors.js';
import { phaseNumber } from '../../libs/protocol/phases.js';
import { renderSynthesis } from '../../libs/synthesis/render-synthesis.js';
import { bestStanding } from '../../libs/synthesis/standings.js';
import { heartbeating } from '../../libs/temporal/heartbeating.js';
import type { DeliveryDependencies } from './dependencies.js';

type Input = Parameters<DeliveryActivities['stagePackage']>[0];

/**
 * Picks the best candidate and stages the package's files as artifacts. The same run gives the same bytes.
 *
 * @throws HeptadError `Blocked` the decision is BLOCK, or no candidate is eligible
 * @throws HeptadError `InputInvalid` an item's name cannot be one of a file
 */
export const stagePackage =
  ({ store }: Pick<DeliveryDependencies, 'store'>): DeliveryActivities['stagePackage'] =>
  async (input) =>
    await heartbeating(async (signal) => {
      const data = await readData(store, input, signal);
      const { accepted, judgement, best } = data;
      const files = await stageFiles(store, input, data);
      const manifest: PackageManifest = {
        version: 1,
        run: input.run,
        template: `${accepted.request.template.name}@${accepted.request.template.version}`,
        subject: accepted.captured.title,
        decision: judgement.decision,
        candidate: best.candidate,
        files: files.map(({ name, size, digest }) => ({
          path: name,
          size,
          sha256: digest.slice('sha256:'.length),
        })),
      };
      const staged: StagedPackage = {
        kind: 'package',
        candidate: best.candidate,
        manifest: await store.putJson(manifest),
        files,
      };
      return {
        outcome: await store.putJson(staged),
        summary: `Candidate ${best.candidate}, ${files.length} files`,
        facts: null,
      };
    });

async function readData(store: ArtifactStore, input: Input, signal: AbortSignal): Promise<ReportData> {
  const judgement = await store.getJson(input.judged.digest, judgementSchema);
  if (judgement.decision === 'BLOCK') throw new HeptadError('Blocked');
  const best = bestStanding(judgement);
  if (!best) throw new HeptadError('Blocked', 'No candidate is eligible, so there is nothing to deliver.');
  const [accepted, execution, synthesis, records] = await Promise.all([
    store.getJson(input.accepted.digest, acceptedRequestSchema),
    store.getJson(input.executed.digest, executionSchema),
    store.getJson(input.synthesis.digest, synthesisSchema),
    readRecords(store, input.records),
  ]);
  const workspace = execution.results.find(({ item }) => item === best.item)?.workspace;
  if (!workspace || workspace.digest !== best.workspace)
    throw new HeptadError(
      'InputInvalid',
      `The workspace of candidate ${best.candidate} is not the one that was judged.`,
    );
  const reports = await readReports(store, accepted, execution, best);
  const patch = await patchOf(store, accepted.captured.snapshot, workspace, signal);
  return { run: input.run, accepted, execution, synthesis, judgement, best, records, patch, ...reports };
}

/** Every file of the package but its manifest, sorted by path. */
async function stageFiles(store: ArtifactStore, input: Input, data: ReportData): Promise<NamedArtifact[]> {
  const { accepted, judgement, best, execution, records, patch } = data;
  const { dependencies } = await store.getJson(input.assignment.digest, assignmentSchema);
  const readme = packageReadme({
    run: input.run,
    subject: accepted.captured.title,
    decision: judgement.decision,
    candidate: best.candidate,
  });
  const files = new Map<string, ArtifactRef>([
    ['README.md', await store.put(readme, mediaType.markdown)],
    ['report.html', await store.put(reportPage(data), mediaType.html)],
    ['CONTINUITY.md', await store.put(continuityPage(data), mediaType.markdown)],
    ['changes.patch', await store.put(patch, mediaType.patch)],
    ['reports/ingest.json', input.accepted],
    ['reports/assign.json', input.assignment],
    ['reports/execute.json', input.executed],
    ['reports/coordinate.json', input.synthesis],
    ['reports/coordinate.md', await store.put(renderSynthesis(data.synthesis), mediaType.markdown)],
    ['reports/verify.json', input.judged],
    ...execution.results.map(({ item, outcome }) => [`reports/items/${item}.json`, outcome] as const),
  ]);
  for (const { item, outcome } of execution.results) {
    if (!execution.graph.items.some(({ id, kind }) => id === item && kind === 'consolidation')) continue;
    const consolidated = await store.getJson(outcome.digest, synthesisSchema);
    files.set(`reports/items/${item}.md`, await store.put(renderSynthesis(consolidated), mediaType.markdown));
  }
  if (dependencies) files.set('lock/package-lock.json', dependencies.lock);
  for (const { phase, record } of records) {
    const name = `${phaseNumber(phase)}-${phase}`;
    const ref = input.records[phase];
    if (ref) files.set(`records/${name}.json`, ref);
    for (const { pass, verdict } of record.verdicts)
      files.set(`verdicts/${name}-${pass}.json`, {
        digest: verdict,
        size: await store.size(verdict),
        mediaType: mediaType.json,
      });
  }
  const named = [...files].map(([name, { digest, size, mediaType: type }]) => ({
    name,
    digest,
    size,
    mediaType: type,
  }));
  const problems = named.flatMap(({ name }) => packagePathProblem(name) ?? []);
  if (problems.length > 0) throw new HeptadError('InputInvalid', problems.join(' '));
  return named.sort((a, b) => (a.name < b.name ? -1 : 1));
}
