import type { ArtifactStore } from '../../libs/artifacts/artifact-store.js';
import type { Trust } from '../../libs/crypto/trust.js';
import { readNamedDocuments } from '../../libs/evidence/read-named-documents.js';
import { type Verification, verificationProblems } from '../../libs/evidence/verification-problems.js';
import { HeptadError } from '../../libs/protocol/errors.js';

/**
 * Makes sure that a phase which is said to have gone well was verified: three valid verdicts, and a valid waiver of
 * those that did not pass.
 *
 * @throws HeptadError `VerdictInvalid` it was not, with every reason
 */
export async function checkVerdicts(
  store: ArtifactStore,
  trust: Trust,
  verification: Verification,
): Promise<void> {
  const named = await readNamedDocuments(store, verification);
  const problems = verificationProblems(verification, named, trust);
  if (problems.length === 0) return;
  throw new HeptadError(
    'VerdictInvalid',
    `The verdicts on ${verification.phase} do not let it go on. ${problems.join(' ')}`,
    { problems: problems.map((reason) => ({ path: '/verdicts', reason })) },
  );
}
