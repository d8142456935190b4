import { expect, it } from 'vitest';
import { candidateNames } from '../../../libs/synthesis/candidate-names.js';

it('a repaired candidate has a name of its own, and the others their letters', () => {
  const names = candidateNames([
    { candidate: 'A', item: 'improve-a' },
    { candidate: 'A', item: 'improve-a-repair' },
    { candidate: 'B', item: 'improve-b' },
    { candidate: 'D', item: 'merge' },
  ]);
  expect([...names.values()]).toEqual(['A', 'A repaired', 'B', 'D']);
});
