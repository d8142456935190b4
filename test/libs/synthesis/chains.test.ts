import { describe, expect, test } from 'vitest';
import { chainOf, lastOfChains } from '../../../libs/synthesis/chains.js';
import { findConflicts } from '../../../libs/synthesis/find-conflicts.js';
import { type Collected, ofKind } from '../../../libs/synthesis/report.js';
import { bestOf, standings } from '../../../libs/synthesis/standings.js';
import { type ScoresByItem, unverified } from '../../../libs/synthesis/verification-score.js';
import { analysis, candidate, collected, validation } from './reports.js';

const weights = { findings: 0.6, complexity: 0.1, size: 0.2, verification: 0.1 };

/** Three items that work on candidate A one after the other, the last of which is validated, and one on B. */
const chained = (change: Parameters<typeof validation>[0] = {}): Collected[] => [
  ...analysis(),
  collected('core-a', candidate({ strategy: 'core', changed: ['lib/a.js'] })),
  collected('joints-a', candidate({ strategy: 'joints', changed: ['lib/b.js'] }), { workedOn: 'core-a' }),
  collected('support-a', candidate({ strategy: 'support', changed: ['lib/c.js'] }), {
    workedOn: 'joints-a',
  }),
  collected('validate-a', validation({ change: changed(3), ...change }), { workedOn: 'support-a' }),
  collected('improve-b', candidate({ strategy: 'other', changed: ['lib/a.js'] })),
  collected('validate-b', validation()),
];

const changed = (files: number) => ({ files, linesAdded: 10, linesRemoved: 10, largestDeletion: 2 });

const standingsOf = (inputs: readonly Collected[], scores: ScoresByItem = unverified) =>
  standings(inputs, weights, scores);

describe('a candidate on which several items work one after the other', () => {
  test('stands once, by the workspace and the validation of the last of them', () => {
    const all = standingsOf(chained());
    expect(all.map(({ candidate: letter, item, eligible }) => `${letter} ${item} ${eligible}`)).toEqual([
      'A support-a true',
      'B improve-b true',
    ]);
    expect(all[0]?.workspace).toBe(chained().find(({ item }) => item === 'support-a')?.workspace);
    const [rejected] = standingsOf(chained({ broken: ['one'] }));
    expect(rejected).toMatchObject({ item: 'support-a', eligible: false });
  });

  test('has the checks of each of them among those that count', () => {
    const scores: ScoresByItem = new Map(
      ['core-a', 'joints-a', 'support-a', 'validate-a'].map((item) => [
        item,
        { checks: 2, ok: item === 'core-a' ? 1 : 2 },
      ]),
    );
    expect(standingsOf(chained(), scores)[0]?.measurements?.verification).toEqual({ checks: 8, ok: 7 });
  });

  test('stands by the one before where the last has no result, which was not validated then', () => {
    const inputs = chained().filter(({ item }) => item !== 'support-a');
    expect(standingsOf(inputs)[0]).toMatchObject({
      item: 'joints-a',
      eligible: false,
      reason: 'It was not validated.',
    });
    expect(bestOf(standingsOf(inputs))?.candidate).toBe('B');
  });

  test('is not in conflict with itself over what it changed, only with others', () => {
    const conflicts = findConflicts({ inputs: chained(), contradicted: [] });
    expect(conflicts.map(({ between, about }) => [between, about])).toEqual([
      [['support-a', 'improve-b'], '1 file changed by more than one strategy: lib/a.js.'],
    ]);
  });

  test('is a chain from its last link to its first, however the links are given', () => {
    const links = ofKind(chained(), 'candidate');
    const [last] = lastOfChains(links);
    if (!last) throw new Error('There is no last link.');
    expect(lastOfChains(links.toReversed()).map(({ item }) => item)).toEqual(['improve-b', 'support-a']);
    expect(chainOf(last, links.toReversed()).map(({ item }) => item)).toEqual([
      'support-a',
      'joints-a',
      'core-a',
    ]);
  });

  test('ends also where forged links lead in a circle', () => {
    const circle = chained().map((one) => (one.item === 'core-a' ? { ...one, workedOn: 'support-a' } : one));
    const links = ofKind(circle, 'candidate');
    const [link] = links;
    if (!link) throw new Error('There is no link.');
    expect(chainOf(link, links)).toHaveLength(3);
    expect(standingsOf(circle).map(({ item }) => item)).toEqual(['improve-b']);
  });
});
