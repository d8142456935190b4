import type { TestRun } from '../../../contracts/reports/tests.js';
import { byCodeUnit } from '../subject/order.js';
import { compareWithBaseline } from '../suite/compare-with-baseline.js';

export interface Trial {
  /** Brings the changes of these files into the workspace. */
  readonly apply: (files: readonly string[]) => void;
  /** Puts these files back as they were. */
  readonly revert: (files: readonly string[]) => void;
  /** Runs the tests on the workspace as it is; null where no time is left for that. */
  readonly run: () => Promise<TestRun | null>;
  readonly baseline: TestRun;
  /** Called when it was decided about some files, with how many are kept and left by now. */
  readonly onDecided?: (kept: number, left: number) => void;
}

export interface Kept {
  readonly kept: string[];
  readonly left: { file: string; reason: string }[];
}

/**
 * Keeps the changes with which every test of the baseline still passes: all at once where that works, else by
 * halves, down to single files, each tried on top of what was kept before it. What is kept has therefore been tested
 * together.
 */
export async function keepWhatPasses(files: readonly string[], trial: Trial): Promise<Kept> {
  const kept: string[] = [];
  const left: Kept['left'] = [];
  const attempt = async (group: readonly string[]): Promise<void> => {
    if (group.length === 0) return;
    trial.apply(group);
    const run = await trial.run();
    const reason =
      run === null ? 'There was no time left to test the change.' : whatBreaks(trial.baseline, run);
    if (reason === null) {
      kept.push(...group);
      trial.onDecided?.(kept.length, left.length);
      return;
    }
    trial.revert(group);
    const [only] = group;
    if (only !== undefined && (group.length === 1 || run === null)) {
      left.push(...group.map((file) => ({ file, reason })));
      trial.onDecided?.(kept.length, left.length);
      return;
    }
    const middle = Math.ceil(group.length / 2);
    await attempt(group.slice(0, middle));
    await attempt(group.slice(middle));
  };
  await attempt(files);
  return { kept: kept.sort(byCodeUnit), left: left.sort((a, b) => byCodeUnit(a.file, b.file)) };
}

/** The sentence that says which tests a change breaks, or null where it breaks none. */
function whatBreaks(baseline: TestRun, now: TestRun): string | null {
  const { broken, missing } = compareWithBaseline(baseline, now);
  if (broken.length > 0) return `Tests fail with the change: ${some(broken)}.`;
  if (missing.length > 0) return `Tests do not run with the change: ${some(missing)}.`;
  return null;
}

const some = (names: readonly string[]): string =>
  `${names
    .slice(0, 3)
    .map((name) => `"${name.slice(0, 150)}"`)
    .join(', ')}${names.length > 3 ? ` and ${names.length - 3} more` : ''}`;
