import type { ArtifactStore } from '../artifacts/artifact-store.js';
import { mediaType } from '../artifacts/media-types.js';
import { byPath, difference } from '../artifacts/snapshot/difference.js';
import { readSnapshot } from '../artifacts/snapshot/read-snapshot.js';
import type { ArtifactRef } from '../contracts/artifact.js';
import type { StagedPackage } from '../contracts/phase.js';
import type { Digest } from '../protocol/digest.js';
import { HeptadError } from '../protocol/errors.js';
import { byCodeUnit } from '../synthesis/order.js';
import { renderSynthesis } from '../synthesis/render-synthesis.js';
import { ofKind } from '../synthesis/report.js';
import { parentOf } from './choose-delivered.js';
import { continuityPage } from './continuity.js';
import { layout } from './layout.js';
import { packagePathProblem } from './package-path.js';
import type { PackageInput } from './read-run.js';
import { packageReadme } from './readme.js';
import type { ReportData } from './report/report-data.js';
import { reportPage } from './report/report-page.js';

type Files = Map<string, ArtifactRef>;

/**
 * Every file that the manifest of a package lists, sorted by path; those that are made here are stored.
 *
 * @param judgement the criteria as they were evaluated on what is delivered
 * @throws HeptadError `InputInvalid` a name cannot be one of a file
 */
export async function packageFiles(
  store: ArtifactStore,
  { input, merged }: PackageInput,
  data: ReportData,
  judgement: ArtifactRef,
): Promise<StagedPackage['files']> {
  const { reports, artifacts } = layout;
  const jsonOf = async (digest: Digest): Promise<ArtifactRef> => ({
    digest,
    size: await store.size(digest),
    mediaType: mediaType.json,
  });
  const files: Files = new Map([
    [layout.readme, await store.put(packageReadme(data), mediaType.markdown)],
    [layout.report, await store.put(reportPage(data), mediaType.html)],
    [layout.continuity, await store.put(continuityPage(data), mediaType.markdown)],
    [artifacts.patch, await store.put(data.patch, mediaType.patch)],
    [artifacts.template, await jsonOf(data.accepted.request.template.digest)],
    [reports.phase('ingest'), input.accepted],
    [reports.phase('assign'), input.assignment],
    [reports.phase('execute'), input.executed],
    [reports.phase('coordinate'), input.synthesis],
    [reports.synthesis, await store.put(renderSynthesis(data.synthesis), mediaType.markdown)],
    [reports.phase('verify'), input.judged],
    [reports.criteria, judgement],
  ]);
  const { resume } = data.accepted.request;
  if (resume !== undefined) files.set(reports.resumption, await jsonOf(resume));
  if (merged) files.set(reports.merge, merged);
  if (data.merge && !parentOf(data.merge)) files.set(reports.mergeValidation, data.merge.result.validation);
  for (const { item, outcome } of data.execution.results) files.set(reports.item(item), outcome);
  for (const { item, report } of ofKind(data.collected, 'synthesis'))
    files.set(reports.itemText(item), await store.put(renderSynthesis(report), mediaType.markdown));
  if (data.assignment.dependencies) files.set(artifacts.lock, data.assignment.dependencies.lock);
  for (const [id, { digest }] of data.agents) files.set(artifacts.agent(id), await jsonOf(digest));
  await addEvidence(files, data, jsonOf);
  await addDelivered(files, data, store);
  return sorted(files);
}

async function addEvidence(
  files: Files,
  { evidence }: ReportData,
  jsonOf: (digest: Digest) => Promise<ArtifactRef>,
): Promise<void> {
  for (const { phase, ref, record } of evidence) {
    files.set(layout.evidence.record(phase), ref);
    files.set(layout.evidence.attempts(phase), record.attempts.log);
    if (record.waiver !== null) files.set(layout.evidence.waiver(phase), await jsonOf(record.waiver));
    for (const { pass, verdict } of record.verdicts)
      files.set(layout.evidence.verdict(phase, pass), await jsonOf(verdict));
  }
}

/** The files that what is delivered adds or changes. What it removes, and its links, are in the patch alone. */
async function addDelivered(
  files: Files,
  { accepted, delivered }: ReportData,
  store: ArtifactStore,
): Promise<void> {
  const before = await readSnapshot(store, accepted.captured.snapshot);
  const after = await readSnapshot(store, delivered.workspace);
  const entries = byPath(after.entries);
  const { added, changed } = difference(before, after);
  for (const path of [...added, ...changed]) {
    const entry = entries.get(path);
    if (entry?.kind !== 'file') continue;
    const { digest, size } = entry;
    files.set(layout.artifacts.file(path), { digest, size, mediaType: mediaType.bytes });
  }
}

function sorted(files: Files): StagedPackage['files'] {
  const problems = [...files.keys()].flatMap((name) => packagePathProblem(name) ?? []);
  if (problems.length > 0) throw new HeptadError('InputInvalid', problems.join(' '));
  return [...files]
    .map(([name, { digest, size, mediaType: type }]) => ({ name, digest, size, mediaType: type }))
    .sort((a, b) => byCodeUnit(a.name, b.name));
}
