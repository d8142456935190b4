import type { ArtifactStore } from '../../libs/artifacts/artifact-store.js';
import { readResumption } from '../../libs/continuation/resumed.js';
import { wholeState } from '../../libs/continuation/whole-state.js';
import type { IntakeActivities } from '../../libs/contracts/activities.js';
import { parsedRequestSchema } from '../../libs/contracts/request.js';
import type { CapturedSubject } from '../../libs/contracts/subject.js';
import { proveStep } from '../../libs/evidence/progress.js';
import { withRunFolder } from '../../libs/scratch/with-run-folder.js';
import { captureSubject as capture } from '../../libs/subjects/capture-subject.js';
import { interruptible } from '../../libs/temporal/interruptible.js';
import type { IntakeDependencies } from './dependencies.js';
import { giveUpUnstable } from './give-up-unstable.js';

/**
 * Captures the subject as a workspace snapshot. Of a run that goes on from an earlier one, the subject is what that one
 * captured or handed back last: nothing is fetched, and all that the state names is read and hashed.
 *
 * @throws HeptadError `ArtifactCorrupt`, `EvidenceInvalid` the state of the earlier run is not whole (not retried)
 * @throws HeptadError `SubjectUnknown`, `SubjectInvalid`, `PackageUnknown`, `IntegrityMismatch` (not retried)
 * @throws HeptadError `DependencyUnreachable` (retried)
 * @throws HeptadError `SubjectUnstable` (retried, but not for ever: a subject may change all the time)
 */
export const captureSubject =
  ({ store, scratch, roots }: IntakeDependencies): IntakeActivities['captureSubject'] =>
  async ({ run, parsed }) => {
    const request = await store.getJson(parsed.digest, parsedRequestSchema);
    const { subject } = request;
    const resumption = await readResumption(store, request);
    if (resumption) {
      await interruptible(() => wholeState(store, resumption));
      return await staged(store, resumption.captured);
    }
    const captured = await interruptible((signal) =>
      giveUpUnstable(() =>
        withRunFolder(scratch, run, 'capture', (folder) =>
          capture({ store, scratch: folder, subject, roots, signal }),
        ),
      ),
    );
    return await staged(store, captured);
  };

async function staged(
  store: ArtifactStore,
  captured: CapturedSubject,
): ReturnType<IntakeActivities['captureSubject']> {
  const ref = await store.putJson(captured);
  await proveStep({ milestone: 'subject captured', percent: 100, effects: [captured.snapshot.digest] });
  return { captured: ref, title: captured.title };
}
