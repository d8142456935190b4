import type { Verdict } from '../../contracts/evidence.js';
import type { Signer } from '../../crypto/signer.js';
import type { Trust } from '../../crypto/trust.js';
import type { Digest } from '../../protocol/digest.js';
import { payloadType } from '../../protocol/payload-types.js';
import { phaseNames } from '../../protocol/phases.js';
import type { Judged } from '../judged.js';
import { type VerdictUse, verdictProblems, verifierOf } from '../verdict-problems.js';
import type { Attackers } from './attackers.js';
import type { Signed } from './measure-signatures.js';
import type { Tried } from './tried.js';

type Unsigned = Omit<Verdict, 'signature'>;

/** A verdict on the judged output, as this verifier would sign it. */
export function genuineVerdict({ run, phase, round, input, output }: Judged): Unsigned {
  return {
    version: 1,
    run,
    phase,
    round,
    pass: 'C',
    verifier: { id: verifierOf('C'), version: '1', program: output.digest },
    input: digestsOf(input),
    output: output.digest,
    passed: true,
    checks: [{ check: 'control', ok: true, says: 'It was looked at.' }],
    faults: [],
    disagrees: false,
  };
}

/** What a verdict on the judged output is used for. */
const useOf = ({ run, phase, round, input, output }: Judged): VerdictUse => ({
  run,
  phase,
  round,
  input: digestsOf(input),
  output: output.digest,
  pass: 'C',
  passed: true,
});

const digestsOf = (refs: Judged['input']): Record<string, Digest> =>
  Object.fromEntries(Object.entries(refs).map(([name, { digest }]) => [name, digest]));

/**
 * Tries to pass off verdicts that were given elsewhere, by somebody else, or are not what they say, as a verdict on
 * this output. Those that were given elsewhere are signed with this verifier's own key, as real ones would be.
 *
 * @param signer this verifier's
 * @param genuine the keys that are pinned
 */
export function verdictAttacks(
  judged: Judged,
  signer: Signer,
  genuine: Trust,
  attackers: Attackers,
): { readonly control: string | null; readonly tried: Tried[]; readonly signed: Signed } {
  const use = useOf(judged);
  const verdict = genuineVerdict(judged);
  const signed = (by: Signer, changes: Partial<Unsigned> = {}): Verdict =>
    by.signed(payloadType.verdict, { ...verdict, ...changes });
  const own = signed(signer);

  const elsewhere: Readonly<Record<string, Partial<Unsigned>>> = {
    'verdict-of-another-run': { run: `${judged.run}x` },
    'verdict-of-another-phase': { phase: phaseNames.find((phase) => phase !== judged.phase) ?? 'ingest' },
    'verdict-of-another-round': { round: judged.round + 1 },
    'verdict-on-another-output': { output: zero },
    'verdict-on-another-input': { input: { ...verdict.input, another: zero } },
    'verdict-on-no-input': { input: { nothing: zero } },
    'verdict-of-another-pass': { pass: 'B' },
    'verdict-of-another-verifier': { verifier: { ...verdict.verifier, id: verifierOf('A') } },
    'verdict-against-its-checks': { checks: [{ check: 'control', ok: false, says: 'It is not so.' }] },
    'verdict-turned-around': { passed: false },
    'verdict-that-disagrees': { disagrees: true },
  };
  const changed: Readonly<Record<string, Verdict>> = {
    'verdict-changed-under-its-signature': { ...own, checks: [...own.checks, ...own.checks] },
    'verdict-with-its-program-replaced': { ...own, verifier: { ...own.verifier, program: zero } },
    'verdict-with-the-signature-of-another': { ...own, signature: signed(signer, { run: 'x' }).signature },
    'verdict-with-a-signature-flipped': {
      ...own,
      signature: { ...own.signature, sig: flipped(own.signature.sig) },
    },
    'verdict-with-the-signature-of-a-record': signer.signed(payloadType.record, verdict),
    'verdict-with-the-signature-of-a-step': signer.signed(payloadType.step, verdict),
    'verdict-with-another-key-named': {
      ...own,
      signature: { ...own.signature, keyid: attackers.verifier('C').keyid },
    },
    'verdict-signed-by-the-producer': signed(attackers.producer),
    'verdict-signed-by-another-verifier': signed(attackers.verifier('A')),
    'verdict-signed-by-an-unknown-key': signed(attackers.stranger),
    'verdict-signed-by-a-revoked-key': signed(attackers.revoked),
  };
  const rejectionOf = (one: Verdict): string | null => verdictProblems(one, use, attackers.trust)[0] ?? null;
  const [refusal] = [
    ...verdictProblems(own, use, genuine),
    // A key that these attacks pin counts as such, so that none is rejected because it does not.
    ...verdictProblems(signed(attackers.verifier('C')), use, attackers.trust),
  ];
  return {
    control: refusal ?? null,
    signed: {
      name: 'verdict',
      document: own,
      problemsOf: (one) => verdictProblems(one, use, attackers.trust),
    },
    tried: [
      ...Object.entries(elsewhere).map(([name, changes]) => ({
        name,
        rejection: rejectionOf(signed(signer, changes)),
      })),
      ...Object.entries(changed).map(([name, one]) => ({ name, rejection: rejectionOf(one) })),
    ],
  };
}

const zero: Digest = `sha256:${'0'.repeat(64)}`;

/** A signature with its first bit turned. */
function flipped(sig: string): string {
  const bytes = Buffer.from(sig, 'base64');
  bytes.writeUInt8(bytes.readUInt8(0) ^ 1, 0);
  return bytes.toString('base64');
}
