import { expect, test } from 'vitest';
import { z } from 'zod';
import { createCoordinationActivities } from '../../../activities/coordination/index.js';
import { synthesisSchema } from '../../../libs/contracts/reports/synthesis.js';
import { agent, Barriers, barrierItem, templateOf } from '../../libs/synthesis/barriers.js';

const criteria = [
  { id: 'tests', says: 'Tests.', expression: 'look.fine == true' },
  { id: 'security', says: 'Security.', expression: 'look.fine == true' },
  { id: 'rollback', says: 'Rollback.', expression: 'look.fine == true' },
  { id: 'style', says: 'Style.', expression: 'look.style == true' },
];
const work = { kind: 'checkpoint', decides: 'matrix', criteria };
const schema = { says: 'It is there.', schema: { type: 'object' } };

const gated = (done: Record<string, unknown> = schema) =>
  Barriers.of(
    templateOf(
      agent('look'),
      { ...barrierItem('gate', work, ['look']), done },
      agent('go', { depends_on: ['gate'], condition: "gate.decision == 'PROCEED' AND gate.passed" }),
      agent('mind', { depends_on: ['gate'], condition: "'style' IN gate.warnings" }),
    ),
  );

test('what a checkpoint decides comes with its result, so that conditions can ask for it', async () => {
  const barriers = await gated();
  const { checkpoint } = createCoordinationActivities({ store: barriers.store });
  const result = await checkpoint(await barriers.given('gate', { look: { fine: true, style: false } }));
  expect(result).toMatchObject({
    accepted: true,
    facts: { decision: 'PROCEED', passed: true, warnings: ['style'] },
    summary: 'PROCEED; not met: style',
  });
});

test('a barrier says when it was made and of how much in its measurements, never in its outcome', async () => {
  const barriers = await gated();
  const { checkpoint } = createCoordinationActivities({ store: barriers.store });
  const input = await barriers.given('gate', { look: { fine: true } });
  const [one, other] = [await checkpoint(input), await checkpoint(input)];
  expect(one.outcome).toEqual(other.outcome);
  const measured = one.measurements && (await barriers.store.getJson(one.measurements.digest, z.unknown()));
  expect(measured).toEqual({
    timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    collected: 1,
    expected: 1,
  });
});

test.each([0, 1, 2, 3])('a consolidation of three says of how many it was made: %i', async (collected) => {
  const ids = ['count', 'read', 'weigh'];
  const barriers = await Barriers.of(
    templateOf(...ids.map((id) => agent(id)), barrierItem('sum', { kind: 'consolidation' }, ids)),
  );
  const { consolidate } = createCoordinationActivities({ store: barriers.store });
  const outcomes = Object.fromEntries(ids.slice(0, collected).map((id) => [id, { by: id }]));
  const unfinished = ids
    .slice(collected)
    .map((item) => ({ item, status: 'failed' as const, code: 'AgentFailed' }));
  const { outcome, measurements } = await consolidate(await barriers.given('sum', outcomes, unfinished));
  const measured = measurements && (await barriers.store.getJson(measurements.digest, z.unknown()));
  expect(measured).toMatchObject({ collected, expected: 3 });
  const { inputs, missing } = await barriers.store.getJson(outcome.digest, synthesisSchema);
  expect([inputs.map(({ item }) => item), missing]).toEqual([ids.slice(0, collected), ids.slice(collected)]);
});

test.each([
  ['a condition', { says: 'It goes on.', expression: "result.decision == 'PROCEED'" }],
  [
    'a schema',
    {
      says: 'It goes on.',
      schema: { type: 'object', properties: { decision: { type: 'string', const: 'PROCEED' } } },
    },
  ],
  ['a command, which there is nothing to run in', { says: 'It goes on.', command: 'true' }],
])('a barrier that is not done as its template says fails: %s', async (_, done) => {
  const barriers = await gated(done);
  const { checkpoint } = createCoordinationActivities({ store: barriers.store });
  await expect(checkpoint(await barriers.given('gate', { look: { fine: false } }))).rejects.toMatchObject({
    code: 'NotDone',
    retryable: false,
    message: expect.stringMatching(/^gate is not done\./),
  });
});
