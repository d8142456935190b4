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
  const old = differing.filter((file) => there.has(file));
  const known = new Set((await findSecrets(places.before, old, key)).map(({ keyedHash }) => keyedHash));
  const secrets = (await findSecrets(places.workspace, differing, key))
    .filter(({ keyedHash }) => !known.has(keyedHash))
    .map(({ rule, file, line }) => ({ rule, file, line }));
  const calls = differing.filter(isSource).flatMap((file) => {
    const now = dangerousCalls(places.workspace, file);
    const before = there.has(file) ? dangerousCalls(places.before, file) : new Map<string, number>();
    return dangers
      .map((danger) => ({ danger, file, before: before.get(danger) ?? 0, after: now.get(danger) ?? 0 }))
      .filter((call) => call.after > call.before);
  });
  return { secrets, calls, highRisk: secrets.length + calls.length };
}
