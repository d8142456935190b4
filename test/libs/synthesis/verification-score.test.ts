import { describe, expect, it } from 'vitest';
import { scoreOf, scoresOf, unverified } from '../../../libs/synthesis/verification-score.js';
import { checksOn } from '../../support/execute-record.js';

describe('the score of verifiers', () => {
  const scores = scoresOf([
    {
      pass: 'A',
      checks: [
        { check: 'graph-grown-from-plan', ok: false, says: 'Of the whole.' },
        ...checksOn('result', ['improve-a', 'improve-a-repair', 'validate-a'], ['validate-a']),
      ],
    },
    { pass: 'B', checks: checksOn('again', ['improve-a', 'validate-a']) },
    { pass: 'C', checks: checksOn('result', ['improve-a'], ['improve-a']) },
  ]);

  it('counts the checks that passes A and B made on these items, and how many are ok', () => {
    expect(scoreOf(scores, ['improve-a', 'validate-a'])).toEqual({ checks: 4, ok: 3 });
    expect(scoreOf(scores, ['improve-a-repair'])).toEqual({ checks: 1, ok: 1 });
  });

  it('counts an item once, and nothing for one that nobody checked', () => {
    expect(scoreOf(scores, ['improve-a', 'improve-a', 'improve-b'])).toEqual({ checks: 2, ok: 2 });
    expect(scoreOf(unverified, ['improve-a'])).toEqual({ checks: 0, ok: 0 });
  });
});
