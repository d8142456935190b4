import { isDeepStrictEqual } from 'node:util';
import { byPath } from '../../artifacts/snapshot/difference.js';
import { readSnapshot } from '../../artifacts/snapshot/read-snapshot.js';
import {
  acceptedRequestSchema,
  executionSchema,
  type PackageManifest,
  packageManifestSchema,
  type StagedPackage,
} from '../../contracts/phase.js';
import { judgementSchema } from '../../contracts/reports/synthesis.js';
import { applyToSnapshot } from '../../packaging/apply-patch.js';
import { packagePathProblem } from '../../packaging/package-path.js';
import { HeptadError } from '../../protocol/errors.js';
import { bestStanding } from '../../synthesis/standings.js';
import type { CheckList } from '../check-list.js';
import type { Judged } from '../judged.js';
import { readInput } from '../read-input.js';

/** Pass A of deliver: the manifest lists exactly what is staged, and the patch makes of the subject the candidate. */
export async function checkPackage(judged: Judged, checks: CheckList, staged: StagedPackage): Promise<void> {
  const manifest = await checks.attempt('manifest', 'The manifest keeps to its contract.', () =>
    judged.store.getJson(staged.manifest.digest, packageManifestSchema),
  );
  if (!manifest) return;
  checks.problems(
    'manifest-lists-files',
    `${manifest.files.length} files are listed, sorted, with their size and SHA-256.`,
    fileProblems(staged, manifest),
  );
  await checks.attempt(
    'package-of-run',
    'Run, subject, template, decision and candidate are those of the run.',
    async (problems) => {
      const { captured, request } = await readInput(judged, 'accepted', acceptedRequestSchema);
      const { decision, best } = await readInput(judged, 'judged', judgementSchema);
      const expected = {
        run: judged.run,
        template: `${request.template.name}@${request.template.version}`,
        subject: captured.title,
        decision,
        candidate: best,
      };
      for (const [what, value] of Object.entries(expected)) {
        const stated = manifest[what as keyof typeof expected];
        if (stated !== value) problems.push(`The manifest's ${what} is ${stated}, not ${value}.`);
      }
      if (staged.candidate !== best)
        problems.push(`The candidate ${staged.candidate} is staged, not ${best}.`);
      if (decision === 'BLOCK') problems.push('The decision is BLOCK, so nothing is to be delivered.');
    },
  );
  await checks.attempt(
    'patch-makes-candidate',
    'The patch, applied to the captured subject, gives the candidate.',
    async (problems) => {
      const { captured } = await readInput(judged, 'accepted', acceptedRequestSchema);
      const candidate = await candidateWorkspace(judged);
      const patch = staged.files.find(({ name }) => name === 'changes.patch');
      if (!patch) throw new HeptadError('InputInvalid', 'There is no changes.patch.');
      const text = (await judged.store.get(patch.digest)).toString('utf8');
      const made = await applyToSnapshot(judged.store, captured.snapshot, text, judged.signal);
      const wanted = await readSnapshot(judged.store, candidate);
      const [one, other] = [byPath(made.entries), byPath(wanted.entries)];
      for (const path of new Set([...one.keys(), ...other.keys()]))
        if (!isDeepStrictEqual(one.get(path), other.get(path)))
          problems.push(`With the patch, ${path} is not as the candidate has it.`);
    },
  );
}

async function candidateWorkspace(judged: Judged) {
  const judgement = await readInput(judged, 'judged', judgementSchema);
  const { results } = await readInput(judged, 'executed', executionSchema);
  // A candidate that was repaired stands there twice.
  const best = bestStanding(judgement);
  const workspace = results.find(({ item }) => item === best?.item)?.workspace;
  if (!workspace) throw new HeptadError('InputInvalid', `The candidate ${judgement.best} has no workspace.`);
  return workspace;
}

function fileProblems({ files }: StagedPackage, manifest: PackageManifest): string[] {
  const problems: string[] = [];
  const staged = new Map(files.map((file) => [file.name, file]));
  if (staged.size !== files.length) problems.push('A file is staged twice.');
  for (const { name } of files) {
    const problem = packagePathProblem(name);
    if (problem) problems.push(problem);
  }
  for (const [index, { path, size, sha256 }] of manifest.files.entries()) {
    const before = manifest.files[index - 1]?.path;
    if (before !== undefined && before >= path) problems.push(`${path} is not in order, or listed twice.`);
    const file = staged.get(path);
    if (!file) problems.push(`${path} is listed, but not staged.`);
    else if (file.digest !== `sha256:${sha256}` || file.size !== size)
      problems.push(`${path} is listed with another size or SHA-256 than it is staged with.`);
  }
  const listed = new Set(manifest.files.map(({ path }) => path));
  for (const name of staged.keys())
    if (!listed.has(name)) problems.push(`${name} is staged, but not listed.`);
  return problems;
}
