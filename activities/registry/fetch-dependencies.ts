import type { ArtifactStore } from '../../libs/artifacts/artifact-store.js';
import { readSnapshot } from '../../libs/artifacts/snapshot/read-snapshot.js';
import type { RegistryActivities } from '../../libs/contracts/activities.js';
import { acceptedRequestSchema } from '../../libs/contracts/phase.js';
import type { SnapshotRef } from '../../libs/contracts/subject.js';
import { HeptadError } from '../../libs/protocol/errors.js';
import { withRunFolder } from '../../libs/scratch/with-run-folder.js';
import { fetchDependencies as fetch } from '../../libs/subjects/fetch-dependencies.js';
import { resolveTestPlan } from '../../libs/subjects/resolve-test-plan.js';
import { heartbeating } from '../../libs/temporal/heartbeating.js';
import type { RegistryDependencies } from './dependencies.js';
import type { Environment } from './environment.js';

/** A package.json is small; a larger one is refused. Bytes. */
const largest = 1024 * 1024;

/**
 * Finds out how the subject's tests are run, and fetches its dependencies and their tools from a lock.
 *
 * @throws HeptadError `NoTests`, `PackageUnknown`, `IntegrityMismatch`, `SubjectInvalid` (not retried)
 * @throws HeptadError `DependencyUnreachable` (retried)
 */
export const fetchDependencies =
  ({
    store,
    scratch,
  }: Pick<RegistryDependencies, 'store' | 'scratch'>): RegistryActivities['fetchDependencies'] =>
  async ({ run, accepted }) => {
    const { request, captured } = await store.getJson(accepted.digest, acceptedRequestSchema);
    const packageJson = await readPackageJson(store, captured.snapshot);
    const test = resolveTestPlan(packageJson, request.test);
    const dependencies = await heartbeating((signal) =>
      withRunFolder(scratch, run, 'dependencies', (folder) =>
        fetch({ store, scratch: folder, packageJson, plan: test, signal }),
      ),
    );
    return { dependencies: await store.putJson({ test, dependencies } satisfies Environment) };
  };

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
