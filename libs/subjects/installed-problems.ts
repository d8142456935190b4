import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { ArtifactStore } from '../artifacts/artifact-store.js';
import { byPath } from '../artifacts/snapshot/difference.js';
import { readSnapshot } from '../artifacts/snapshot/read-snapshot.js';
import type { Dependencies, TestPlan } from '../contracts/subject.js';
import { packagesAt } from './installed-packages.js';
import { checkFit, checkLock, dependencyRequest } from './lock-file.js';

/** What of installed packages is in the lock's `node_modules`. */
const modules = 'node_modules/';

/**
 * What can be seen to be wrong with installed packages without installing them again: their lock must be one for this
 * subject and plan, the tree must hold nothing but the lock's packages, and the list must be of those in the tree. That
 * the bytes are those that the lock's SHA-512 stand for is not seen.
 *
 * @param packageJson the subject's package.json, parsed; undefined where it has none
 * @throws HeptadError `SubjectInvalid` the lock is not one for this; `InputInvalid`, `ArtifactUnknown`, `ArtifactCorrupt`
 */
export async function installedProblems(
  store: ArtifactStore,
  { lock: lockRef, tree, packages }: Dependencies,
  packageJson: unknown,
  plan: TestPlan,
): Promise<string[]> {
  const lock = await store.getJson(lockRef.digest, z.unknown());
  const places = checkLock(lock);
  checkFit(lock, dependencyRequest(packageJson, plan));
  const entries = byPath((await readSnapshot(store, tree)).entries);
  const known = new Set(places.map((place) => place.slice(modules.length)));
  const problems = [...entries.keys()]
    .filter((path) => !path.startsWith('.bin/') && !foldersOf(path).some((folder) => known.has(folder)))
    .map((path) => `${path} is installed, but of no package that the lock names.`);
  const found = await packagesAt(places, async (place) => {
    const entry = entries.get(`${place.slice(modules.length)}/package.json`);
    return entry?.kind === 'file' ? await store.get(entry.digest) : undefined;
  });
  if (!isDeepStrictEqual(found, packages))
    problems.push('The packages that are listed are not those that are installed.');
  return problems;
}

/** The folders that a path is in, the outermost first. */
const foldersOf = (path: string): string[] =>
  [...path.matchAll(/\//g)].map(({ index }) => path.slice(0, index));
