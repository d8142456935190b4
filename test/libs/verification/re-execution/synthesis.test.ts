import { expect, test } from 'vitest';
import { synthesise } from '../../../../libs/synthesis/synthesise.js';
import { synthesiseAgain } from '../../../../libs/verification/re-execution/synthesis.js';
import { acceptedByA, cleanRoom, failuresAgain } from '../../../support/clean-room.js';
import { judgedPhase } from '../../../support/judged-phase.js';
import { smallRun } from '../../../support/small-run.js';

async function staged() {
  const small = await smallRun();
  const synthesis = await synthesise(small.store, small.refs);
  return { small, synthesis, room: await cleanRoom(small.folder) };
}

test('a synthesis that is made of the results is accepted', async () => {
  const { small, synthesis, room } = await staged();
  const judged = await judgedPhase(small, 'coordinate', synthesis);
  expect(await failuresAgain(synthesiseAgain, judged, room)).toEqual({});
});

test('a strategy that nothing speaks for is found, which pass A accepts', async () => {
  const { small, synthesis, room } = await staged();
  const judged = await judgedPhase(small, 'coordinate', {
    ...synthesis,
    decisions: { ...synthesis.decisions, implementationStrategy: 'Something nicer.' },
  });
  expect(await acceptedByA(judged)).toBe(true);
  const failures = await failuresAgain(synthesiseAgain, judged, room);
  expect(failures['same-outcome']).toContain('/decisions/implementationStrategy: "Something nicer.", then');
});

test('a risk that is kept quiet is found, which pass A accepts', async () => {
  const { small, synthesis, room } = await staged();
  expect(synthesis.synthesis.riskAssessment).not.toEqual([]);
  const judged = await judgedPhase(small, 'coordinate', {
    ...synthesis,
    synthesis: { ...synthesis.synthesis, riskAssessment: [] },
  });
  expect(await acceptedByA(judged)).toBe(true);
  expect(await failuresAgain(synthesiseAgain, judged, room)).toHaveProperty('same-outcome');
});

test('a synthesis that is not stored as canonical JSON is found', async () => {
  const { small, synthesis, room } = await staged();
  const judged = await judgedPhase(small, 'coordinate', synthesis);
  const output = await small.store.put(JSON.stringify(synthesis, null, 2), 'application/json');
  const failures = await failuresAgain(synthesiseAgain, { ...judged, output }, room);
  expect(failures['same-outcome']).toContain('is not stored as canonical JSON');
});

test('a phase without its inputs is rejected', async () => {
  const { small, synthesis, room } = await staged();
  const judged = await judgedPhase(small, 'coordinate', synthesis, {});
  expect(await failuresAgain(synthesiseAgain, judged, room)).toHaveProperty('synthesised-again');
});
