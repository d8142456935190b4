import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { ArtifactStore } from '../artifacts/artifact-store.js';
import { canonicalJson } from '../artifacts/canonical-json.js';
import { mediaType } from '../artifacts/media-types.js';
import { parseJson } from '../artifacts/parse-json.js';
import { readSnapshot } from '../artifacts/snapshot/read-snapshot.js';
import { snapshot } from '../artifacts/snapshot/snapshot.js';
import { type ArtifactRef, artifactRefSchema } from '../contracts/artifact.js';
import {
  type Dependencies,
  dependenciesSchema,
  type SnapshotRef,
  type TestPlan,
} from '../contracts/subject.js';
import type { CaptureOptions } from './capture-options.js';
import { installedPackages } from './installed-packages.js';
import { checkFit, checkLock, type DependencyRequest, dependencyRequest } from './lock-file.js';
import { runNpm } from './run-npm.js';
import { withScratchFolder } from './with-scratch-folder.js';

export interface DependencyOptions extends CaptureOptions {
  /** The subject's package.json, parsed; undefined where it has none. */
  readonly packageJson: unknown;
  readonly plan: TestPlan;
  /** A lock of an earlier fetch, to get exactly the same packages again. */
  readonly lock?: ArtifactRef;
}

/** How long the same request gets the same lock: a week in milliseconds. After that newer versions may be chosen. */
export const lockLifetime = 7 * 24 * 60 * 60 * 1000;

/**
 * Fetches what the tests of a subject need: its dependencies (also optional and peer ones) and the tools of the plan.
 * Versions are resolved to a lock, which becomes an artifact; what is installed from it, with scripts off and every
 * package checked against the lock's SHA-512, becomes a snapshot. Both are remembered: the same request gets the same
 * lock for a week, and the same lock gets the same tree, on the same platform, without another installation.
 *
 * @throws HeptadError `SubjectInvalid` where a package does not come from a registry, versions exclude each other, or
 *   the given lock is not one for this request;
 *   `PackageUnknown`, `IntegrityMismatch`, `DependencyUnreachable`, `SetupIncomplete` (no npm)
 */
export async function fetchDependencies(options: DependencyOptions): Promise<Dependencies> {
  const request = dependencyRequest(options.packageJson, options.plan);
  if (options.lock !== undefined) {
    checkFit(await options.store.getJson(options.lock.digest, z.unknown()), request);
  }
  const lock =
    options.lock ?? (await rememberedLock(options.store, request)) ?? (await resolveLock(request, options));
  return (await rememberedTree(options.store, lock)) ?? (await install(request, lock, options));
}

/** What a package of the registry depends on comes from the registry, too. Older versions of npm do not know these. */
const registryOnly = [
  '--allow-git=none',
  '--allow-remote=none',
  '--allow-file=none',
  '--allow-directory=none',
];

const rememberedLockSchema = z.strictObject({ lock: artifactRefSchema, resolvedAt: z.iso.datetime() });

const lockEntry = (request: DependencyRequest) =>
  `locks/${createHash('sha256').update(canonicalJson(request)).digest('hex')}`;

// Packages with parts for one platform only make other trees on others.
const treeEntry = (lock: ArtifactRef) =>
  `dependencies/${process.platform}-${process.arch}/${lock.digest.slice('sha256:'.length)}`;

async function rememberedLock(
  store: ArtifactStore,
  request: DependencyRequest,
): Promise<ArtifactRef | undefined> {
  const bytes = await store.entries.get(lockEntry(request));
  if (bytes === undefined) return undefined;
  const { lock, resolvedAt } = parseJson(bytes, rememberedLockSchema, 'The remembered lock');
  const age = Date.now() - Date.parse(resolvedAt);
  return age >= 0 && age < lockLifetime && (await store.keep(lock.digest)) ? lock : undefined;
}

async function rememberedTree(store: ArtifactStore, lock: ArtifactRef): Promise<Dependencies | undefined> {
  const bytes = await store.entries.get(treeEntry(lock));
  if (bytes === undefined) return undefined;
  const dependencies = parseJson(bytes, dependenciesSchema, 'The remembered tree of dependencies');
  return (await keepTree(store, dependencies.tree)) ? dependencies : undefined;
}

// Garbage collection may have taken a part of it; what is left of it is young again.
async function keepTree(store: ArtifactStore, tree: SnapshotRef): Promise<boolean> {
  if (!(await store.keep(tree.digest))) return false;
  for (const entry of (await readSnapshot(store, tree)).entries) {
    if (entry.kind === 'file' && !(await store.keep(entry.digest))) return false;
  }
  return true;
}

async function resolveLock(request: DependencyRequest, options: DependencyOptions): Promise<ArtifactRef> {
  const { store, scratch, signal, heartbeat } = options;
  return withScratchFolder(scratch, async (folder) => {
    await writeFile(join(folder, 'package.json'), canonicalJson(request));
    const own = [
      '--package-lock-only',
      '--package-lock=true',
      '--lockfile-version=3',
      '--omit-lockfile-registry-resolved=true',
    ];
    await runNpm('the dependencies', {
      arguments: ['install', ...registryOnly, ...own],
      folder,
      signal,
      heartbeat,
    });
    const lock = parseJson(
      await readFile(join(folder, 'package-lock.json')),
      z.unknown(),
      'The lock that npm wrote',
    );
    checkLock(lock);
    const ref = await store.putJson(lock, mediaType.npmLock);
    const remembered = { lock: ref, resolvedAt: new Date().toISOString() };
    await store.entries.put(lockEntry(request), canonicalJson(remembered));
    return ref;
  });
}

async function install(
  request: DependencyRequest,
  lock: ArtifactRef,
  options: DependencyOptions,
): Promise<Dependencies> {
  const { store, scratch, limits, signal, heartbeat } = options;
  const places = checkLock(await store.getJson(lock.digest, z.unknown()));
  return withScratchFolder(scratch, async (folder) => {
    await writeFile(join(folder, 'package.json'), canonicalJson(request));
    await writeFile(join(folder, 'package-lock.json'), await store.get(lock.digest));
    const own = [
      '--prefer-offline',
      '--include=prod',
      '--include=optional',
      '--include=peer',
      '--install-strategy=hoisted',
    ];
    await runNpm('the dependencies', {
      arguments: ['ci', ...registryOnly, ...own],
      folder,
      signal,
      heartbeat,
    });
    const modules = join(folder, 'node_modules');
    await mkdir(modules, { recursive: true });
    // npm's own notes, which differ from one version of npm to the next.
    await rm(join(modules, '.package-lock.json'), { force: true });
    const packages = await installedPackages(folder, places);
    const tree = await snapshot(store, modules, {
      allowEmpty: true,
      signal,
      heartbeat,
      ...(limits === undefined ? {} : { limits }),
    });
    const dependencies: Dependencies = { lock, tree, packages };
    await store.entries.put(treeEntry(lock), canonicalJson(dependencies));
    return dependencies;
  });
}
