import type { ArtifactStore } from '../artifacts/artifact-store.js';
import { readSnapshot } from '../artifacts/snapshot/read-snapshot.js';
import type { SnapshotRef, TestPlan } from '../contracts/subject.js';
import { HeptadError } from '../protocol/errors.js';
import { resolveTestPlan } from '../subjects/resolve-test-plan.js';

/** A package.json is small; a larger one is refused. Bytes. */
const largest = 1024 * 1024;

/**
 * Reads the captured subject's package.json, and from it and the input how the subject's tests are run.
 *
 * @throws HeptadError `NoTests`, `SubjectInvalid`
 */
export async function readTestPlan(
  store: ArtifactStore,
  snapshot: SnapshotRef,
  given: TestPlan | undefined,
): Promise<{ readonly packageJson: unknown; readonly test: TestPlan }> {
  const packageJson = await readPackageJson(store, snapshot);
  return { packageJson, test: resolveTestPlan(packageJson, given) };
}

async function readPackageJson(store: ArtifactStore, snapshot: SnapshotRef): Promise<unknown> {
  const { entries } = await readSnapshot(store, snapshot);
  const entry = entries.find(({ path }) => path === 'package.json');
  if (entry?.kind !== 'file') return undefined;
  const text = (await store.get(entry.digest, { limit: largest })).toString('utf8');
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (cause) {
    throw new HeptadError(
      'SubjectInvalid',
      `The package.json of the subject is not JSON: ${String(cause)}.`,
      { cause },
    );
  }
}
