import type { DeliveryActivities } from '../../libs/contracts/activities.js';
import type { NamedArtifact } from '../../libs/contracts/artifact.js';
import { readAttestedRun } from '../../libs/packaging/attestations/attested-run.js';
import { checkEvidence } from '../../libs/packaging/attestations/check-evidence.js';
import { lockedPackages } from '../../libs/packaging/attestations/locked-packages.js';
import { packageKeys } from '../../libs/packaging/attestations/package-keys.js';
import { provenance } from '../../libs/packaging/attestations/provenance.js';
import { testResult } from '../../libs/packaging/attestations/test-result.js';
import { verificationSummary } from '../../libs/packaging/attestations/verification-summary.js';
import { layout } from '../../libs/packaging/layout.js';
import { payloadType } from '../../libs/protocol/payload-types.js';
import { interruptible } from '../../libs/temporal/interruptible.js';
import type { DeliveryDependencies } from './dependencies.js';

/**
 * Signs what a package attests, in DSSE envelopes, and stores them as a list of named artifacts, with the public keys
 * that signed what is in the package. Ed25519 signs the same bytes in the same way, so doing it again gives the same.
 *
 * @throws HeptadError `VerificationFailed` a phase failed, or was rejected and not waived
 * @throws HeptadError `EvidenceInvalid`, `VerdictInvalid` a record, verdict or waiver does not count
 * @throws HeptadError `KeyUnknown` a key that signed is not pinned
 */
export const attest =
  ({
    store,
    release,
    trust,
  }: Pick<DeliveryDependencies, 'store' | 'release' | 'trust'>): DeliveryActivities['attest'] =>
  async (given) =>
    await interruptible(async () => {
      const attested = await readAttestedRun(store, given);
      const pinned = await trust();
      checkEvidence(attested, pinned);
      const statements = {
        [layout.attestations.provenance]: provenance(
          attested,
          await lockedPackages(store, attested.assignment),
        ),
        [layout.attestations.testResult]: testResult(attested),
        [layout.attestations.verificationSummary]: verificationSummary(attested),
      };
      const files: NamedArtifact[] = [];
      for (const [name, statement] of Object.entries(statements))
        if (statement)
          files.push({ name, ...(await store.putJson(release.envelope(payloadType.statement, statement))) });
      const keys = packageKeys(attested, release.keyid, pinned);
      files.push({ name: layout.evidence.keys, ...(await store.putJson(keys)) });
      return { attestations: await store.putJson(files) };
    });
