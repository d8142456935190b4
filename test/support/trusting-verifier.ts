import type { ArtifactStore } from '../../libs/artifacts/artifact-store.js';
import type { VerdictRequest, VerificationActivities } from '../../libs/contracts/activities.js';
import type { Verdict, VerdictRef } from '../../libs/contracts/evidence.js';
import type { Signer } from '../../libs/crypto/signer.js';
import { payloadType } from '../../libs/protocol/payload-types.js';
import { verifierOf } from '../../libs/verification/verdict-problems.js';
import { refTo } from './activity-doubles.js';

/** What is signed of a verdict. */
export type UnsignedVerdict = Omit<Verdict, 'signature'>;

/** The verdict of who accepts without looking. */
export const unseenVerdict = ({
  run,
  phase,
  round,
  pass,
  input,
  output,
}: VerdictRequest): UnsignedVerdict => ({
  version: 1,
  run,
  phase,
  round,
  pass,
  verifier: {
    id: verifierOf(pass),
    version: '1',
    program: refTo('a verifier that does not look').digest,
  },
  input: Object.fromEntries(Object.entries(input).map(([name, { digest }]) => [name, digest])),
  output: output.digest,
  passed: true,
  checks: [{ check: 'none', ok: true, says: 'It did not look.' }],
  faults: [],
  disagrees: false,
});

/** The verdict of who rejects without looking. */
export const unseenRejection = (request: VerdictRequest): UnsignedVerdict => ({
  ...unseenVerdict(request),
  passed: false,
  checks: [{ check: 'none', ok: false, says: 'It rejects what it did not look at.' }],
});

/** Signs a verdict, stores it, and answers as a verifier does. */
export async function given(
  store: ArtifactStore,
  signer: Signer,
  verdict: UnsignedVerdict,
): Promise<VerdictRef> {
  return {
    pass: verdict.pass,
    passed: verdict.passed,
    verdict: await store.putJson(signer.signed(payloadType.verdict, verdict)),
    checks: verdict.checks.length,
    disagrees: verdict.disagrees,
    failures: verdict.checks.filter(({ ok }) => !ok).map(({ check, says }) => `${check}: ${says}`),
  };
}

/**
 * A verifier that finds everything in order without looking and signs that, for figures of what looking costs. It
 * holds the keys of all three passes.
 */
export const trustingVerifier = (
  store: ArtifactStore,
  signers: Readonly<Record<Verdict['pass'], Signer>>,
): VerificationActivities => ({
  judgePhase: (request) => given(store, signers[request.pass], unseenVerdict(request)),
  cleanUpVerifiers: async () => ({ scratchFolders: 0 }),
});
