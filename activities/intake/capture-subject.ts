import type { IntakeActivities } from '../../libs/contracts/activities.js';
import { parsedRequestSchema } from '../../libs/contracts/request.js';
import { proveStep } from '../../libs/evidence/progress.js';
import { withRunFolder } from '../../libs/scratch/with-run-folder.js';
import { captureSubject as capture } from '../../libs/subjects/capture-subject.js';
import { interruptible } from '../../libs/temporal/interruptible.js';
import type { IntakeDependencies } from './dependencies.js';
import { giveUpUnstable } from './give-up-unstable.js';

/**
 * Captures the subject as a workspace snapshot.
 *
 * @throws HeptadError `SubjectUnknown`, `SubjectInvalid`, `PackageUnknown`, `IntegrityMismatch` (not retried)
 * @throws HeptadError `DependencyUnreachable` (retried)
 * @throws HeptadError `SubjectUnstable` (retried, but not for ever: a subject may change all the time)
 */
export const captureSubject =
  ({ store, scratch, roots }: IntakeDependencies): IntakeActivities['captureSubject'] =>
  async ({ run, parsed }) => {
    const { subject } = await store.getJson(parsed.digest, parsedRequestSchema);
    const captured = await interruptible((signal) =>
      giveUpUnstable(() =>
        withRunFolder(scratch, run, 'capture', (folder) =>
          capture({ store, scratch: folder, subject, roots, signal }),
        ),
      ),
    );
    const ref = await store.putJson(captured);
    await proveStep({ milestone: 'subject captured', percent: 100, effects: [captured.snapshot.digest] });
    return { captured: ref, title: captured.title };
  };
