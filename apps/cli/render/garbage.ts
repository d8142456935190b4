import type { Amount } from '../../../libs/artifacts/artifact-store.js';
import type { GarbageReport } from '../../../libs/artifacts/garbage/collect-garbage.js';
import type { Archives } from '../garbage/delete-expired.js';
import { bytes } from './bytes.js';

/** What garbage collection found, and did or would do. */
export function garbage(
  report: GarbageReport & { readonly openRuns: readonly string[]; readonly archives: Archives },
): string {
  const { kept, young, deleted, leftovers, missing, archives } = report;
  const open = report.openRuns.length;
  const lines = [
    ...archivesLine(archives, deleted),
    `Needed by seals and by ${open} ${open === 1 ? 'run' : 'runs'} without one: ${amount(kept)}.`,
    `Spared, because it is not older than an hour or than the oldest run without a seal: ${amount(young)}.`,
    `${deleted ? 'Deleted' : 'Needed by nothing'}: ${amount(report.garbage)}.`,
    `${deleted ? 'Deleted, left' : 'Left'} behind by writers that were killed: ${amount(leftovers)}.`,
  ];
  if (missing.length > 0)
    lines.push(
      `Digests that artifacts tell of and the store does not have: ${missing.length} (--json lists them).`,
    );
  const nothing = report.garbage.count + leftovers.count + archives.runs.length === 0;
  if (!deleted)
    lines.push(nothing ? 'There is nothing to delete.' : 'Nothing was deleted; `heptad gc --yes` does it.');
  return lines.join('\n');
}

function archivesLine({ kept, runs }: Archives, deleted: boolean): string[] {
  if (kept === 'forever' && runs.length === 0) return [];
  const what = `${runs.length} ${runs.length === 1 ? 'archive' : 'archives'}`;
  const why = `of runs that closed more than ${kept} ago${runs.length > 0 ? `: ${runs.join(', ')}` : ''}.`;
  return [`${deleted ? 'Deleted' : 'Kept no longer'}: ${what} ${why}`];
}

const amount = ({ count, bytes: size }: Amount): string =>
  `${count} ${count === 1 ? 'file' : 'files'}, ${bytes(size)}`;
