import { userPlaces } from '../../libs/config/user-folder.js';
import { type PackageReport, packageReportSchema } from '../../libs/contracts/package-check.js';
import type { PinnedKey } from '../../libs/contracts/signature.js';
import { readKeyList } from '../../libs/crypto/key-list.js';
import { type Ended, heptad } from './heptad.js';

/** What `heptad verify` said, and with which exit code. */
export interface Verified {
  readonly code: number | null;
  readonly report: PackageReport;
}

/** The answer of `heptad verify --json` as it ended. */
export function verifiedBy({ code, out, err }: Ended): Verified {
  if (out === '') throw new Error(`heptad verify ended with ${code} and says: ${err}`);
  return { code, report: packageReportSchema.parse(JSON.parse(out)) };
}

/** Runs `heptad verify` as somebody who has a configuration folder, and nothing else. */
export const verifyPackage = async (
  configFolder: string,
  folder: string,
  ...options: readonly string[]
): Promise<Verified> =>
  verifiedBy(
    await heptad(['verify', folder, '--json', ...options], { env: { HEPTAD_CONFIG: configFolder } }),
  );

/** The checks that did not come out as proven, with what they are instead. */
export const unproven = ({ checks }: PackageReport): Record<string, string> =>
  Object.fromEntries(checks.flatMap(({ check, state }) => (state === 'proven' ? [] : [[check, state]])));

/** What is open where nobody said which package was expected. */
export const notAsked = { 'expected-run': 'not-checkable', 'expected-subject': 'not-checkable' } as const;

/** The sentences of a check. */
export const problemsOf = ({ checks }: PackageReport, name: string): string[] =>
  checks.filter(({ check }) => check === name).flatMap(({ problems }) => problems);

/** The keys that somebody has pinned. */
export const pinnedBy = async (configFolder: string): Promise<PinnedKey[]> =>
  (await readKeyList(userPlaces(configFolder).trustedKeys))?.keys ?? [];
