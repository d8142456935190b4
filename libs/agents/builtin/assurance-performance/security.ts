import type { PerformanceReport } from '../../../contracts/reports/assurance.js';
import { findSecrets } from '../infrastructure/find-secrets.js';
import { differingFiles } from '../subject/differing-files.js';
import { listFiles } from '../subject/list-files.js';
import type { Places } from '../subject/places.js';
import { isSource } from '../subject/source-files.js';
import { dangerousCalls, dangers } from '../syntax/dangerous-calls.js';

/** Secrets and dangerous calls that are in the workspace and were not in the subject as it was captured. */
export async function addedRisks(places: Places, key: string): Promise<PerformanceReport['security']> {
  const differing = differingFiles(places.before, places.workspace);
  const there = new Set(listFiles(places.before));
  const found = await findSecrets(places.workspace, differing, key);
  // One that was somewhere before, and is elsewhere now, was not brought in by the change.
  const before = found.length === 0 ? [] : await findSecrets(places.before, [...there], key);
  const known = new Set(before.map(({ keyedHash }) => keyedHash));
  const secrets = found
    .filter(({ keyedHash }) => !known.has(keyedHash))
    .map(({ rule, file, line }) => ({ rule, file, line }));
  const calls = differing.filter(isSource).flatMap((file) => {
    const now = dangerousCalls(places.workspace, file);
    const old = there.has(file) ? dangerousCalls(places.before, file) : new Map<string, number>();
    return dangers
      .map((danger) => ({ danger, file, before: old.get(danger) ?? 0, after: now.get(danger) ?? 0 }))
      .filter((call) => call.after > call.before);
  });
  return { secrets, calls, highRisk: secrets.length + calls.length };
}
