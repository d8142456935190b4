import { isDeepStrictEqual } from 'node:util';
import { byPath, difference } from '../../artifacts/snapshot/difference.js';
import { leftOutOf } from '../../artifacts/snapshot/patch-of.js';
import { readSnapshot } from '../../artifacts/snapshot/read-snapshot.js';
import { acceptedRequestSchema, type StagedPackage } from '../../contracts/phase.js';
import type { Snapshot } from '../../contracts/subject.js';
import { applyToSnapshot } from '../../packaging/apply-patch.js';
import { layout } from '../../packaging/layout.js';
import { HeptadError } from '../../protocol/errors.js';
import type { CheckList } from '../check-list.js';
import type { Judged } from '../judged.js';
import { readInput } from '../read-input.js';

/**
 * The files of the package make of the captured subject what is delivered: those that it adds or changes are there, and
 * the patch does the same, apart from the files that it names as left out because they are not text.
 */
export async function checkDeliveredFiles(
  judged: Judged,
  checks: CheckList,
  staged: StagedPackage,
): Promise<void> {
  const { store, signal } = judged;
  const read = await checks.attempt('workspace-read', 'The delivered workspace can be read.', async () => {
    const { captured } = await readInput(judged, 'accepted', acceptedRequestSchema);
    return {
      captured: captured.snapshot,
      before: await readSnapshot(store, captured.snapshot),
      after: await readSnapshot(store, staged.workspace),
    };
  });
  if (!read) return;
  const { captured, before, after } = read;
  checks.problems(
    'changed-files-there',
    'Each file that is added or changed is staged, and no other.',
    stagedProblems(staged, before, after),
  );
  await checks.attempt(
    'patch-makes-candidate',
    'The patch, applied to the captured subject, gives what is delivered.',
    async (problems) => {
      const patch = staged.files.find(({ name }) => name === layout.artifacts.patch);
      if (!patch) throw new HeptadError('InputInvalid', `There is no ${layout.artifacts.patch}.`);
      const text = (await store.get(patch.digest)).toString('utf8');
      const leftOut = new Set(leftOutOf(text));
      const made = byPath((await applyToSnapshot(store, captured, text, signal)).entries);
      const wanted = byPath(after.entries);
      for (const path of new Set([...made.keys(), ...wanted.keys()]))
        if (!leftOut.has(path) && !isDeepStrictEqual(made.get(path), wanted.get(path)))
          problems.push(`With the patch, ${path} is not as it is delivered.`);
    },
  );
}

function stagedProblems({ files }: StagedPackage, before: Snapshot, after: Snapshot): string[] {
  const { added, changed } = difference(before, after);
  const entries = byPath(after.entries);
  const folder = layout.artifacts.file('');
  const staged = new Map(
    files.filter(({ name }) => name.startsWith(folder)).map((file) => [file.name, file]),
  );
  const problems: string[] = [];
  for (const path of [...added, ...changed]) {
    const entry = entries.get(path);
    if (entry?.kind !== 'file') continue;
    const file = staged.get(layout.artifacts.file(path));
    staged.delete(layout.artifacts.file(path));
    if (file?.digest !== entry.digest || file.size !== entry.size)
      problems.push(`${path} is ${file ? 'staged with other bytes than' : 'not staged as'} it is delivered.`);
  }
  return [...problems, ...[...staged.keys()].map((name) => `${name} is staged, but was not changed.`)];
}
