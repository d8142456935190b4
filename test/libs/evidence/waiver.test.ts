import { describe, expect, it } from 'vitest';
import { type AwaitedWaiver, type Waiver, waiverSchema } from '../../../libs/contracts/waiver.js';
import { Trust } from '../../../libs/crypto/trust.js';
import { signWaiver, waiverProblems } from '../../../libs/evidence/waiver.js';
import type { Digest } from '../../../libs/protocol/digest.js';
import { payloadType } from '../../../libs/protocol/payload-types.js';
import { freshSigner, pinnedKeyOf, trustIn } from '../../support/signers.js';

const digest = (digit: string): Digest => `sha256:${digit.repeat(64)}`;

const awaited: AwaitedWaiver = {
  phase: 'execute',
  round: 1,
  output: digest('a'),
  verdicts: [digest('b'), digest('c')],
  says: 'pass B: the tests do not give the same verdicts',
  until: '2026-01-06T09:00:00.000Z',
};
const of = { ...awaited, run: 'run-1' };
const ada = freshSigner('person:ada');
const trust = trustIn(ada, freshSigner('producer'));
const reason = 'The test depends on the clock.';
const waiver = signWaiver(ada, 'run-1', awaited, { reason, at: '2026-01-05T09:00:00.000Z' });

/** A waiver with changes, signed again by the same person. */
const changed = (changes: Partial<Waiver>): Waiver => {
  const { signature: _, ...body } = { ...waiver, ...changes };
  return ada.signed(payloadType.waiver, body);
};

describe('a waiver', () => {
  it('counts for exactly what it was signed for', () => {
    expect(waiverSchema.parse(waiver)).toEqual(waiver);
    expect(waiverProblems(waiver, of, trust)).toEqual([]);
  });

  it('counts whatever the order of the verdicts that are awaited', () => {
    expect(waiverProblems(waiver, { ...of, verdicts: of.verdicts.toReversed() }, trust)).toEqual([]);
  });

  it.each([
    ['another run', { run: 'run-2' }],
    ['another phase', { phase: 'deliver' }],
    ['another round', { round: 2 }],
    ['another output', { output: digest('d') }],
    ['fewer verdicts', { verdicts: [digest('b')] }],
    ['more verdicts', { verdicts: [digest('b'), digest('c'), digest('d')] }],
    ['other verdicts', { verdicts: [digest('b'), digest('d')] }],
    ['unsorted verdicts', { verdicts: [digest('c'), digest('b')] }],
    ['no time', { at: 'yesterday' }],
  ] satisfies [string, Partial<Waiver>][])('does not count with %s, though well signed', (_, changes) => {
    expect(waiverProblems(changed(changes), of, trust)).toHaveLength(1);
  });

  it('does not count where it was changed after it was signed', () => {
    for (const changes of [{ reason: `${reason}!` }, { at: '2026-01-05T09:00:01.000Z' }])
      expect(waiverProblems({ ...waiver, ...changes }, of, trust)).toEqual([
        expect.stringContaining('not one of these bytes'),
      ]);
  });

  it('does not count by somebody whose key is not registered, or was revoked', () => {
    expect(waiverProblems(waiver, of, trustIn(freshSigner('person:ada')))).toEqual([
      expect.stringContaining('not pinned'),
    ]);
    const revoked = { at: '2026-01-04T00:00:00.000Z', reason: 'Ada left.' };
    expect(waiverProblems(waiver, of, new Trust([pinnedKeyOf(ada, { revoked })]))).toEqual([
      expect.stringContaining('Ada left.'),
    ]);
  });

  it('does not count in the name of another person', () => {
    const bob = freshSigner('person:bob');
    expect(waiverProblems(changed({ by: 'person:bob' }), of, trustIn(ada, bob))).toEqual([
      'It is signed by person:ada, not by person:bob.',
    ]);
  });

  it('does not count by a part of the service', () => {
    const producer = freshSigner('producer');
    const own = signWaiver(producer, 'run-1', awaited, { reason, at: waiver.at });
    expect(waiverProblems(own, of, trustIn(producer))).toEqual([
      'It is by producer, and only a person may waive.',
    ]);
  });

  it('is no signature of another kind of document', () => {
    const { signature: _, ...body } = waiver;
    expect(waiverProblems(ada.signed(payloadType.verdict, body), of, trust)).toHaveLength(1);
  });
});
