import { join } from 'node:path';
import { inject } from 'vitest';
import type { PackageReport } from '../../libs/contracts/package-check.js';
import { type CheckOptions, checkFolder } from '../../libs/package-check/check-package.js';
import { type FolderFile, type PackageFolder, readFolder } from '../../libs/package-check/read-folder.js';
import { fsVerityDigest } from '../../libs/packaging/manifest/fs-verity-digest.js';
import type { GenuineRun } from '../support/genuine-package/genuine-run.js';

/** Files of a package by path. */
export type Files = ReadonlyMap<string, Buffer>;

/** The bytes of each file that is changed or added; null where it is taken away. */
export type Changes = ReadonlyMap<string, Buffer | null>;

/** One way to change a package, which must be found. */
export interface Tampering {
  readonly kind: string;
  /** What was changed, where. */
  readonly says: string;
  /** Made when it is tried: making some takes as long as finding them. */
  readonly changes: Changes | (() => Promise<Changes>);
  /** Checks that say so: one of them must not be proven, unless a problem names a changed file. */
  readonly by?: readonly string[];
  /** For which whoever checks asks more than before. */
  readonly options?: Partial<CheckOptions>;
}

/** A package in memory, as it was read from its folder. */
export class Specimen {
  private constructor(
    readonly run: GenuineRun,
    readonly folder: PackageFolder,
    readonly options: CheckOptions,
  ) {}

  static async of(run: GenuineRun, others: readonly GenuineRun[] = []): Promise<Specimen> {
    const pinned = [run, ...others].flatMap((one) => one.pinned);
    return new Specimen(run, await readFolder(run.folder), { pinned });
  }

  get files(): Files {
    return new Map([...this.folder.files].map(([path, { bytes }]) => [path, bytes ?? Buffer.alloc(0)]));
  }

  get paths(): string[] {
    return [...this.folder.files.keys()];
  }

  bytesOf(path: string): Buffer {
    const bytes = this.folder.files.get(path)?.bytes;
    if (!bytes) throw new Error(`The package has no ${path}.`);
    return bytes;
  }

  check(options: Partial<CheckOptions> = {}): Promise<PackageReport> {
    return checkFolder(this.folder, { ...this.options, ...options });
  }

  /** Checks it with some files changed: those alone are hashed again. */
  async checkWith(changes: Changes, options?: Partial<CheckOptions>): Promise<PackageReport> {
    const files = new Map(this.folder.files);
    for (const [path, bytes] of changes) {
      if (bytes) files.set(path, await hashed(path, bytes));
      else files.delete(path);
    }
    const sorted = [...files].sort(([a], [b]) => (a < b ? -1 : 1));
    return await checkFolder({ ...this.folder, files: new Map(sorted) }, { ...this.options, ...options });
  }
}

/** A file as reading a folder gives it. */
async function hashed(path: string, bytes: Buffer): Promise<FolderFile> {
  return { path, bytes, ...(await fsVerityDigest(whole(bytes))) };
}

async function* whole(bytes: Buffer): AsyncIterable<Uint8Array> {
  yield bytes;
}

/** Of each kind, how many changes were tried and found. */
const tally = new Map<string, { tried: number; found: number }>();

/** Where not all are tried, as `npm run test:tamper` does: the first of a kind, and then one of so many. */
const sample = { first: 3, oneOf: 15 };

/** Tries each change alone. @returns those that were not found, or not by a check that says what it was */
export async function missed(specimen: Specimen, tamperings: Iterable<Tampering>): Promise<string[]> {
  const unfound: string[] = [];
  const met = new Map<string, number>();
  for (const { kind, says, changes: made, by, options } of tamperings) {
    const nth = met.get(kind) ?? 0;
    met.set(kind, nth + 1);
    if (!inject('everyTampering') && nth >= sample.first && nth % sample.oneOf !== 0) continue;
    const changes = typeof made === 'function' ? await made() : made;
    const asBefore = [...changes].find(([path, bytes]) => isAsBefore(specimen, path, bytes));
    if (asBefore || (changes.size === 0 && !options)) throw new Error(`${kind}: ${says}: it is as it was.`);
    const problem = missedIn(await specimen.checkWith(changes, options), { changes, by });
    count(kind, problem === undefined);
    if (problem) unfound.push(`${kind}: ${says}: ${problem}`);
  }
  return unfound;
}

function isAsBefore({ folder }: Specimen, path: string, bytes: Buffer | null): boolean {
  const before = folder.files.get(path);
  return bytes ? (before?.bytes?.equals(bytes) ?? false) : before === undefined;
}

/** Why a report does not show that a package was changed so; undefined where it does. */
export function missedIn(
  { proven, checks }: PackageReport,
  { changes, by = [] }: { readonly changes: Changes; readonly by?: Tampering['by'] },
): string | undefined {
  if (proven) return 'it is proven all the same';
  const open = checks.filter(({ state }) => state !== 'proven');
  const failed = open.filter(({ state }) => state === 'failed');
  const paths = [...changes.keys()];
  const said =
    open.some(({ check }) => by.includes(check)) ||
    failed.some(({ problems }) => problems.some((problem) => paths.some((path) => problem.includes(path))));
  if (said) return undefined;
  const found = failed.map(({ check, says }) => `${check} (${says})`);
  return `nothing names the cause; what failed: ${found.join(', ') || 'nothing'}`;
}

export function count(kind: string, found: boolean): void {
  const { tried, found: before } = tally.get(kind) ?? { tried: 0, found: 0 };
  tally.set(kind, { tried: tried + 1, found: before + (found ? 1 : 0) });
}

/** How many changes were tried and found in this process, by kind. */
export function summary(): { tried: number; found: number; text: string } {
  const counts = [...tally.values()];
  const tried = counts.reduce((sum, one) => sum + one.tried, 0);
  const found = counts.reduce((sum, one) => sum + one.found, 0);
  const lines = [...tally, ['all', { tried, found }] as const].map(
    ([kind, one]) => `${String(one.found).padStart(6)} of ${String(one.tried).padStart(5)}  ${kind}`,
  );
  return { tried, found, text: lines.join('\n') };
}

/** Checks that say that a file is not as it was, beside those that name its path. */
export const checksOn = (path: string): readonly string[] => byPath[path] ?? [];

const byPath: Readonly<Record<string, readonly string[]>> = {
  'seal/seal.json': ['sealed', 'seal-signed'],
  'manifest/manifest.json': ['manifest'],
  'delivery.json': ['receipt'],
};

export const changesOf = (...changes: readonly (readonly [string, Buffer | null])[]): Changes =>
  new Map(changes);

declare module 'vitest' {
  interface ProvidedContext {
    /** Whether all changes are tried, and not a sample of each kind. */
    everyTampering: boolean | undefined;
  }
}

/** Where a file of a specimen would be below a folder. */
export const placeIn = (folder: string, path: string): string => join(folder, ...path.split('/'));
