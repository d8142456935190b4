import type { RegistryActivities } from '../../libs/contracts/activities.js';
import { acceptedRequestSchema } from '../../libs/contracts/phase.js';
import { proveStep } from '../../libs/evidence/progress.js';
import { readTestPlan } from '../../libs/registry/read-test-plan.js';
import { withRunFolder } from '../../libs/scratch/with-run-folder.js';
import { fetchDependencies as fetch } from '../../libs/subjects/fetch-dependencies.js';
import { interruptible } from '../../libs/temporal/interruptible.js';
import type { RegistryDependencies } from './dependencies.js';
import type { Environment } from './environment.js';

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
    const { packageJson, test } = await readTestPlan(store, captured.snapshot, request.test);
    await proveStep({ milestone: 'test plan known', percent: 10 });
    const dependencies = await interruptible((signal) =>
      withRunFolder(scratch, run, 'dependencies', (folder) =>
        fetch({ store, scratch: folder, packageJson, plan: test, signal }),
      ),
    );
    const ref = await store.putJson({ test, dependencies } satisfies Environment);
    await proveStep({ milestone: 'dependencies fetched', percent: 100, effects: [ref.digest] });
    return { dependencies: ref };
  };
