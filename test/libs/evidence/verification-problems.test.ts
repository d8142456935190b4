import { describe, expect, test } from 'vitest';
import type { VerdictRequest } from '../../../libs/contracts/activities.js';
import { type FaultTally, type Pass, passes, type Verdict } from '../../../libs/contracts/evidence.js';
import type { AwaitedWaiver, Waiver } from '../../../libs/contracts/waiver.js';
import type { Signer } from '../../../libs/crypto/signer.js';
import { Trust } from '../../../libs/crypto/trust.js';
import { faultProblems, verificationProblems } from '../../../libs/evidence/verification-problems.js';
import { signWaiver } from '../../../libs/evidence/waiver.js';
import type { Digest } from '../../../libs/protocol/digest.js';
import { digestOf } from '../../support/run-evidence.js';
import { serviceSigners, verdictOn } from '../../support/service-signers.js';
import { freshSigner } from '../../support/signers.js';

const ada = freshSigner('person:ada');
const signers = serviceSigners(ada);

const ref = (name: string) => ({ digest: digestOf(name), size: 1, mediaType: 'application/json' });
const asked = (pass: Pass): VerdictRequest => ({
  ...{ run: 'r1', phase: 'execute', round: 1, pass },
  ...{ input: { accepted: ref('accepted') }, output: ref('output') },
});

interface Made {
  readonly verdicts?: readonly Verdict[];
  readonly waiver?: Waiver;
}

/** What a record names, and the documents. */
function problemsOf(
  { verdicts = passes.map((pass) => verdictOn(asked(pass), signers)), waiver }: Made,
  trust: Trust = signers.pinned,
): string[] {
  const documents = new Map<Digest, Verdict>(
    verdicts.map((verdict, at) => [digestOf(`verdict ${at}`), verdict]),
  );
  const record = {
    ...({ run: 'r1', phase: 'execute', round: 1 } as const),
    ...{ input: { accepted: digestOf('accepted') }, output: digestOf('output') },
    verdicts: [...documents].map(([verdict, { pass, passed }]) => ({ pass, passed, verdict })),
    waiver: waiver ? digestOf('waiver') : null,
  };
  const waivers = new Map<Digest, Waiver>(waiver ? [[digestOf('waiver'), waiver]] : []);
  return verificationProblems(record, { verdicts: documents, waivers }, trust);
}

const withB = (verdict: Verdict): Made => ({
  verdicts: [verdictOn(asked('A'), signers), verdict, verdictOn(asked('C'), signers)],
});
const signedBy = (signer: Signer): Verdict =>
  verdictOn(asked('B'), { verifiers: { ...signers.verifiers, B: signer } });

describe('a phase is verified', () => {
  test('by three verdicts, each signed by its own verifier', () => {
    expect(problemsOf({})).toEqual([]);
  });

  test('by fewer or more than three verdicts not at all', () => {
    const [a, b, c] = passes.map((pass) => verdictOn(asked(pass), signers));
    if (!a || !b || !c) throw new Error('There are too few.');
    expect(problemsOf({ verdicts: [] })).toHaveLength(3);
    expect(problemsOf({ verdicts: [a, b] })).toEqual(['There is no verdict of pass C.']);
    expect(problemsOf({ verdicts: [a, b, b, c] })).toEqual(['There is more than one verdict of pass B.']);
  });

  test.each([
    ['the producer', signers.producer, 'Pass B: It is signed by producer, not by verifier.b.'],
    ['another verifier', signers.verifiers.C, 'Pass B: It is signed by verifier.c, not by verifier.b.'],
    ['a person', ada, 'Pass B: It is signed by person:ada, not by verifier.b.'],
    [
      'a key that is not pinned',
      freshSigner('verifier.b'),
      /^Pass B: It is signed with the key .* not pinned/,
    ],
  ])('not by a verdict that is signed by %s', (_, signer, says) => {
    expect(problemsOf(withB(signedBy(signer)))).toContainEqual(expect.stringMatching(says));
  });

  test('not by a verdict of a key that was revoked', () => {
    const revoked = { at: '2026-01-01T00:00:00.000Z', reason: 'It was copied.' };
    const { keyid } = signers.verifiers.B;
    const trust = new Trust(
      signers.pinned.keys.map((key) => (key.keyid === keyid ? { ...key, revoked } : key)),
    );
    expect(problemsOf({}, trust)).toEqual([expect.stringContaining('was revoked: It was copied.')]);
  });

  test('not by verdicts of one key for two passes', () => {
    const verdict = verdictOn(asked('B'), { verifiers: { ...signers.verifiers, B: signers.verifiers.A } });
    expect(problemsOf(withB(verdict))).toContain('The passes A and B are signed with one key.');
  });

  test('not by a verdict that cannot be read', () => {
    const record = {
      ...({ run: 'r1', phase: 'execute', round: 1, input: {}, output: null, waiver: null } as const),
      verdicts: passes.map((pass) => ({ pass, passed: true, verdict: digestOf(pass) })),
    };
    const nothing = { verdicts: new Map(), waivers: new Map() };
    expect(verificationProblems(record, nothing, signers.pinned)).toHaveLength(3);
  });

  const failed = { passed: false, checks: [{ check: 'again', ok: false, says: 'It is another.' }] };
  const rejected = withB(verdictOn(asked('B'), signers, failed));
  const awaited: AwaitedWaiver = {
    phase: 'execute',
    round: 1,
    output: digestOf('output'),
    verdicts: [digestOf('verdict 1')],
    says: 'It is another.',
    until: '2026-01-02T00:00:00.000Z',
  };
  const said = { reason: 'The difference is known.', at: '2026-01-01T00:00:00.000Z' };

  test('with a pass that failed only where a person waived it', () => {
    expect(problemsOf(rejected)).toEqual(['Pass B did not pass, and nobody waived it.']);
    expect(problemsOf({ ...rejected, waiver: signWaiver(ada, 'r1', awaited, said) })).toEqual([]);
  });

  test('not with a waiver by a stranger, of other verdicts, or of nothing', () => {
    const stranger = signWaiver(freshSigner('person:eve'), 'r1', awaited, said);
    const others = signWaiver(ada, 'r1', { ...awaited, verdicts: [digestOf('verdict 0')] }, said);
    for (const waiver of [stranger, others])
      expect(problemsOf({ ...rejected, waiver }).join()).toContain('The waiver does not count.');
    expect(problemsOf({ waiver: signWaiver(ada, 'r1', awaited, said) })).toEqual([
      'A waiver is named, although every pass passed.',
    ]);
  });
});

describe('the seeded faults', () => {
  const tally = (seeded: number, caught: number): FaultTally => ({
    ...{ kind: 'another digest', pass: 'A' },
    ...{ seeded, caught },
  });
  const measured = [tally(4, 3), { ...tally(2, 2), pass: 'B' as const }];
  /** What is wrong with faults that a record tells, where each pass told of these. */
  const told = (
    faults: FaultTally[],
    by: Partial<Record<Pass, FaultTally[]>> = { C: measured },
  ): string[] => {
    const given = passes.map((pass) => [digestOf(pass), pass] as const);
    const verdicts = new Map(
      given.map(([digest, pass]) => [digest, verdictOn(asked(pass), signers, { faults: by[pass] ?? [] })]),
    );
    const named = given.map(([verdict, pass]) => ({ pass, passed: true, verdict }));
    return faultProblems({ verdicts: named, faults }, { verdicts, waivers: new Map() });
  };
  const says = ['Its record does not count the seeded faults as pass C measured them.'];

  test('are told as pass C measured them', () => {
    expect(told(measured)).toEqual([]);
    expect(told([], { C: [] })).toEqual([]);
  });

  test.each<[string, FaultTally[]]>([
    ['one more was caught', [tally(4, 4), ...measured.slice(1)]],
    ['fewer were seeded', [tally(3, 3), ...measured.slice(1)]],
    ['a kind is left out', measured.slice(0, 1)],
    ['another pass caught them', measured.map((one) => ({ ...one, pass: 'A' }))],
    ['there were none', []],
    ['there were more', [...measured, { ...tally(1, 1), kind: 'byte flipped' }]],
  ])('are not told otherwise: that %s', (_, faults) => {
    expect(told(faults)).toEqual(says);
  });

  test('are not counted by the passes A and B, nor by a verdict that cannot be read', () => {
    expect(told(measured, { A: measured })).toEqual(says);
    expect(told(measured, { B: measured })).toEqual(says);
    const verdicts = [{ pass: 'C' as const, passed: true, verdict: digestOf('C') }];
    const nothing = { verdicts: new Map(), waivers: new Map() };
    expect(faultProblems({ verdicts, faults: measured }, nothing)).toEqual(says);
  });
});
