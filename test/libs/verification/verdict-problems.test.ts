import { expect, test } from 'vitest';
import type { Verdict } from '../../../libs/contracts/evidence.js';
import type { Signer } from '../../../libs/crypto/signer.js';
import { payloadType } from '../../../libs/protocol/payload-types.js';
import { verdictProblems } from '../../../libs/verification/verdict-problems.js';
import { digestOf } from '../../support/run-evidence.js';
import { freshSigners, trustIn } from '../../support/signers.js';

const signers = freshSigners();
const trust = trustIn(...Object.values(signers));

const body: Omit<Verdict, 'signature'> = {
  version: 1,
  run: 'r',
  phase: 'execute',
  round: 1,
  pass: 'B',
  verifier: { id: 'verifier.b', version: '1', program: digestOf('program') },
  input: { accepted: digestOf('accepted') },
  output: digestOf('output'),
  passed: true,
  checks: [{ check: 'again:a', ok: true, says: 'Equal.' }],
  faults: [],
  disagrees: false,
};

const use = {
  run: 'r',
  phase: 'execute',
  round: 1,
  pass: 'B',
  input: body.input,
  output: body.output,
  passed: true,
} as const;

/** Why a changed verdict does not count, signed after it was changed. */
const problemsOf = (change: Partial<typeof body>, signer: Signer = signers['verifier.b']): string =>
  verdictProblems(signer.signed(payloadType.verdict, { ...body, ...change }), use, trust).join(' ');

test('a verdict counts for what it was given on', () => {
  expect(problemsOf({})).toBe('');
});

test.each<[string, Partial<typeof body>, string]>([
  ['run', { run: 'other' }, "The verdict's run is other, not r."],
  ['phase', { phase: 'deliver' }, "The verdict's phase is deliver"],
  ['round', { round: 2 }, "The verdict's round is 2"],
  ['output', { output: digestOf('x') }, "The verdict's output is"],
  ['input', { input: { accepted: digestOf('x') } }, "The verdict's input is"],
  ['set of inputs', { input: {} }, "The verdict's input is {}"],
  ['pass', { pass: 'A' }, "The verdict's pass is A"],
])('a verdict on another %s does not count', (_, change, problem) => {
  expect(problemsOf(change)).toContain(problem);
});

test('a verdict against its own checks does not count', () => {
  expect(problemsOf({ checks: [{ check: 'a', ok: false, says: 'No.' }] })).toContain('result by its checks');
});

test('a verdict that passes and disagrees does not count', () => {
  expect(problemsOf({ disagrees: true })).toContain('says that it disagrees');
});

test('figures of seeded faults are of pass C alone', () => {
  const faults = [{ kind: 'byte-flipped', pass: 'A' as const, seeded: 1, caught: 1 }];
  expect(problemsOf({ faults })).toContain('counts seeded faults');
});

test.each(['producer', 'release', 'agents', 'verifier.a', 'verifier.c'] as const)(
  'a verdict of B that %s signed does not count',
  (identity) => {
    expect(problemsOf({}, signers[identity])).toBe(`It is signed by ${identity}, not by verifier.b.`);
  },
);

test('a verdict that was changed after it was signed does not count', () => {
  const signed = signers['verifier.b'].signed(payloadType.verdict, body);
  const changed = { ...signed, checks: [{ check: 'again:b', ok: true, says: 'Equal.' }] };
  expect(verdictProblems(changed, use, trust)).toEqual([
    'The signature of verifier.b is not one of these bytes.',
  ]);
});

test('what was signed as something else is no verdict', () => {
  const signed = signers['verifier.b'].signed(payloadType.step, body);
  expect(verdictProblems(signed, use, trust)).toHaveLength(1);
});
