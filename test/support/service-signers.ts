import type { ArtifactStore } from '../../libs/artifacts/artifact-store.js';
import type { VerdictRequest, VerificationActivities } from '../../libs/contracts/activities.js';
import type { Pass, Verdict } from '../../libs/contracts/evidence.js';
import type { Signer } from '../../libs/crypto/signer.js';
import { Trust } from '../../libs/crypto/trust.js';
import { payloadType } from '../../libs/protocol/payload-types.js';
import { verifierOf } from '../../libs/verification/verdict-problems.js';
import { digestOf } from './run-evidence.js';
import { freshSigner, pinnedKeyOf } from './signers.js';

/** A service's signers, each with a key of its own, and the trust in all of them. */
export interface ServiceSigners {
  readonly producer: Signer;
  readonly release: Signer;
  readonly agents: Signer;
  readonly verifiers: Readonly<Record<Pass, Signer>>;
  readonly pinned: Trust;
  readonly trust: () => Promise<Trust>;
}

/** @param others whose keys are pinned too, such as a person's */
export function serviceSigners(...others: readonly Signer[]): ServiceSigners {
  const producer = freshSigner('producer');
  const release = freshSigner('release');
  const agents = freshSigner('agents');
  const verifiers = {
    A: freshSigner('verifier.a'),
    B: freshSigner('verifier.b'),
    C: freshSigner('verifier.c'),
  };
  const all = [producer, release, agents, ...Object.values(verifiers), ...others];
  const pinned = new Trust(all.map((signer) => pinnedKeyOf(signer)));
  return { producer, release, agents, verifiers, pinned, trust: async () => pinned };
}

/** A verdict that passes what it was asked for, signed by the verifier of its pass. */
export function verdictOn(
  { run, phase, round, pass, input, output }: VerdictRequest,
  signers: Pick<ServiceSigners, 'verifiers'>,
  changes: Partial<Omit<Verdict, 'signature'>> = {},
): Verdict {
  const verdict: Omit<Verdict, 'signature'> = {
    version: 1,
    run,
    phase,
    round,
    pass,
    verifier: { id: verifierOf(pass), version: '1.0.0', program: digestOf('program') },
    input: Object.fromEntries(Object.entries(input).map(([name, { digest }]) => [name, digest])),
    output: output.digest,
    passed: true,
    checks: [{ check: 'schema', ok: true, says: 'It keeps to its contract.' }],
    faults: pass === 'C' ? [{ kind: 'another digest', pass: 'A', seeded: 2, caught: 2 }] : [],
    disagrees: false,
    ...changes,
  };
  return signers.verifiers[pass].signed(payloadType.verdict, verdict);
}

/** Verifiers that pass whatever they are asked for. */
export const passing =
  (store: ArtifactStore, signers: Pick<ServiceSigners, 'verifiers'>): VerificationActivities['judgePhase'] =>
  async (request) => ({
    pass: request.pass,
    passed: true,
    verdict: await store.putJson(verdictOn(request, signers)),
    checks: 1,
    disagrees: false,
    failures: [],
  });
