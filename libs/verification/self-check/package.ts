import { isDeepStrictEqual } from 'node:util';
import {
  acceptedRequestSchema,
  type PackageManifest,
  packageManifestSchema,
  type StagedPackage,
} from '../../contracts/phase.js';
import { judgementSchema } from '../../contracts/reports/synthesis.js';
import { decodeManifest } from '../../packaging/manifest/decode-manifest.js';
import { fsVerityDigest } from '../../packaging/manifest/fs-verity-digest.js';
import { manifestSchemaText } from '../../packaging/manifest/make-manifest.js';
import { packagePathProblem } from '../../packaging/package-path.js';
import type { Digest } from '../../protocol/digest.js';
import type { CheckList } from '../check-list.js';
import type { Judged } from '../judged.js';
import { readInput } from '../read-input.js';
import { checkDelivered } from './delivered.js';
import { checkDeliveredFiles } from './delivered-files.js';
import { recordsBefore } from './records-before.js';

/**
 * Pass A of deliver, but for its tests: the manifest lists exactly what is staged, what is delivered follows from merge
 * and judgement, and patch and files make it of the captured subject.
 */
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
  await checks.attempt('fs-verity', 'Each is listed with its fs-verity digest.', async (problems) => {
    for (const { path, sha256, fsverity } of manifest.files) {
      judged.signal?.throwIfAborted();
      const found = await fsVerityOf(judged, `sha256:${sha256}`);
      if (found !== fsverity) problems.push(`${path} has the fs-verity digest ${found}, not ${fsverity}.`);
    }
  });
  await checks.attempt(
    'binary-manifest',
    "The manifest in Cap'n Proto says the same, and the schema beside it is the one of this version.",
    async (problems) => {
      const { store } = judged;
      const binary = decodeManifest(await store.get(staged.manifestBinary.digest));
      if (!isDeepStrictEqual(binary, manifest)) problems.push('The two manifests do not say the same.');
      const schema = await store.get(staged.manifestSchema.digest);
      if (schema.toString('utf8') !== (await manifestSchemaText()))
        problems.push('The schema is not the one that manifests are written by.');
    },
  );
  await checks.attempt(
    'package-of-run',
    'Run, subject, template, decision and candidate are those of the run.',
    async (problems) => {
      const { captured, request } = await readInput(judged, 'accepted', acceptedRequestSchema);
      const { decision } = await readInput(judged, 'judged', judgementSchema);
      const expected = {
        run: judged.run,
        template: `${request.template.name}@${request.template.version}`,
        subject: captured.title,
        decision,
        candidate: staged.candidate,
      };
      for (const [what, value] of Object.entries(expected)) {
        const stated = manifest[what as keyof typeof expected];
        if (stated !== value) problems.push(`The manifest's ${what} is ${stated}, not ${value}.`);
      }
      if (decision === 'BLOCK') problems.push('The decision is BLOCK, so nothing is to be delivered.');
    },
  );
  await checkDelivered(judged, checks, staged);
  await checkDeliveredFiles(judged, checks, staged);
  await checks.attempt(
    'records-signed',
    'The records of the phases before are of their phase and run, signed, with their verdicts, and one chain.',
    async (problems) => {
      problems.push(...(await recordsBefore(judged)));
    },
  );
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

async function fsVerityOf({ store, fsverity: measured }: Judged, digest: Digest): Promise<string> {
  const known = measured?.get(digest);
  if (known) return known;
  const { fsverity } = await fsVerityDigest(store.stream(digest));
  measured?.set(digest, fsverity);
  return fsverity;
}
