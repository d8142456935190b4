import { expect, it } from 'vitest';
import { discoverySchema } from '../../../libs/contracts/discovery.js';
import { similarityOf } from '../../../libs/discovery/similarity.js';

const said = (description: string, parameters: object = {}) =>
  discoverySchema.parse({ description, done: 'A test shows that it is so.', parameters });

/** Twice the pairs of letters that both have, by all pairs of both: Sørensen 1948, Dice 1945. */
it('is the share of common pairs of letters', () => {
  // ab bc cd de ef fg gh hi ij, and the last with a pair less and another more.
  expect(similarityOf(said('abcdefghij'), said('abcdefghij'))).toBe(1);
  expect(similarityOf(said('abcdefghij'), said('abcdefghix'))).toBeCloseTo(16 / 18);
  expect(similarityOf(said('abcdefghij'), said('abcdefgxyz'))).toBeCloseTo(12 / 18);
  expect(similarityOf(said('abcdefghij'), said('klmnopqrst'))).toBe(0);
});

it('is nothing where the same is said of another place, and takes no account of one that names none', () => {
  const sentence = 'The length is looked up in every round.';
  expect(similarityOf(said(sentence, { file: 'a.js' }), said(sentence, { file: 'b.js' }))).toBe(0);
  expect(similarityOf(said(sentence, { file: 'a.js' }), said(sentence))).toBe(1);
});
