import { expect, test } from 'vitest';
import { judge } from '../../../../libs/synthesis/judge.js';
import { readJudged } from '../../../../libs/synthesis/read-judged.js';
import { judgeAgain } from '../../../../libs/verification/re-execution/judgement.js';
import { acceptedByA, cleanRoom, failuresAgain } from '../../../support/clean-room.js';
import { failuresOf, judgedPhase } from '../../../support/judged-phase.js';
import { smallRun } from '../../../support/small-run.js';

async function staged() {
  const small = await smallRun();
  const judgement = await judge(await readJudged(small.store, small.refs));
  return { small, judgement, room: await cleanRoom(small.folder) };
}

test('a judgement that follows from what was measured is accepted', async () => {
  const { small, judgement, room } = await staged();
  const judged = await judgedPhase(small, 'verify', judgement);
  expect(await failuresOf(judged)).toEqual({});
  expect(await failuresAgain(judgeAgain, judged, room)).toEqual({});
});

test('a warning that nothing gives rise to is found, which pass A accepts', async () => {
  const { small, judgement, room } = await staged();
  const judged = await judgedPhase(small, 'verify', { ...judgement, warnings: ['Somebody worries.'] });
  expect(await acceptedByA(judged)).toBe(true);
  const failures = await failuresAgain(judgeAgain, judged, room);
  expect(failures['same-outcome']).toContain('/warnings/0: "Somebody worries.", then');
});

test('evidence that nobody saw is found, which pass A accepts', async () => {
  const { small, judgement, room } = await staged();
  const criteria = judgement.criteria.map((one) => ({ ...one, evidence: 'Somebody said so.' }));
  const judged = await judgedPhase(small, 'verify', { ...judgement, criteria });
  expect(await acceptedByA(judged)).toBe(true);
  expect(await failuresAgain(judgeAgain, judged, room)).toHaveProperty('same-outcome');
});
