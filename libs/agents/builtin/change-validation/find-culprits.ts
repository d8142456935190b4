import { cpSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { TestRun } from '../../../contracts/reports/tests.js';
import { type Kept, keepWhatPasses } from '../improver/keep-what-passes.js';
import { listFiles } from '../subject/list-files.js';
import type { Places } from '../subject/places.js';

/**
 * The changed files that break tests: those that cannot be brought into the subject as it was captured, on top of the
 * others, without a test of the baseline failing.
 *
 * @param run runs the tests on some places; null where no time is left
 */
export async function findCulprits(
  places: Places,
  baseline: TestRun,
  run: (places: Places) => Promise<TestRun | null>,
): Promise<Kept['left']> {
  const workspace = join(places.scratch, 'culprits');
  rmSync(workspace, { recursive: true, force: true });
  cpSync(places.workspace, workspace, { recursive: true, verbatimSymlinks: true });
  const changed = changedFiles(places);
  const bring = (from: string) => (files: readonly string[]) => {
    for (const file of files) {
      rmSync(join(workspace, file), { force: true });
      mkdirSync(dirname(join(workspace, file)), { recursive: true });
      if (existsSync(join(from, file))) cpSync(join(from, file), join(workspace, file));
    }
  };
  const revert = bring(places.before);
  revert(changed);
  const { left } = await keepWhatPasses(changed, {
    apply: bring(places.workspace),
    revert,
    run: () => run({ ...places, workspace }),
    baseline,
  });
  return left;
}

function changedFiles({ workspace, before }: Places): string[] {
  const bytes = (folder: string, file: string): Buffer | null =>
    existsSync(join(folder, file)) ? readFileSync(join(folder, file)) : null;
  return [...new Set([...listFiles(before), ...listFiles(workspace)])].sort().filter((file) => {
    const [old, now] = [bytes(before, file), bytes(workspace, file)];
    return old === null || now === null || !old.equals(now);
  });
}
