import { expect, test } from 'vitest';
import { deconstruct } from '../../../libs/agents/builtin/request/deconstruct.js';
import { deliver } from '../../../libs/agents/builtin/request/deliver.js';
import { develop } from '../../../libs/agents/builtin/request/develop.js';
import { diagnose } from '../../../libs/agents/builtin/request/diagnose.js';
import type { Step } from '../../../libs/agents/builtin/request/outcomes.js';
import { checkpointOutcome } from '../../../libs/synthesis/barrier-outcome.js';
import { findTemplate } from '../../../libs/templates/load.js';
import { Barriers } from '../synthesis/barriers.js';

const { template } = findTemplate('request-improvement');

/** Taken apart it reaches 85, diagnosed 80: delivered it has a score of 83. */
const specification = `# Goal

Make the README say how to install the package.

# Constraints

It must have at most 60 lines.

# Criteria

- It names npm.
`;

/** The outcomes of the four steps, the first three of which have scores that are given. */
function withScores(scores: Readonly<Record<Exclude<Step, 'deliver'>, number>>) {
  const of = (step: keyof typeof scores) => ({ score: scores[step], passed: scores[step] >= 70 });
  const before = {
    deconstruct: { ...deconstruct(specification), ...of('deconstruct') },
    diagnose: { ...diagnose(specification), ...of('diagnose') },
    develop: {
      ...develop(deconstruct(specification), diagnose(specification)),
      ...of('develop'),
      text: specification,
    },
  };
  return { ...before, deliver: deliver('Another text.', before, 'request.md') };
}

/** What the template's checkpoint makes of the outcomes. */
async function qualityOf(outcomes: ReturnType<typeof withScores>) {
  const barriers = await Barriers.of(template);
  const { passed, criteria } = await checkpointOutcome(
    barriers.store,
    await barriers.given('quality', outcomes),
  );
  return { passed, met: Object.fromEntries(criteria.map(({ id, met }) => [id, met])), criteria };
}

test('a request whose every step reaches 70, and the whole not 75, is not accepted', async () => {
  const outcomes = withScores({ deconstruct: 70, diagnose: 70, develop: 70 });
  expect(outcomes.deliver).toMatchObject({ score: 83, overall: 74, accepted: false });
  expect(outcomes.deliver.steps.every(({ passed }) => passed)).toBe(true);
  const { passed, met, criteria } = await qualityOf(outcomes);
  expect(met).toEqual({ 'each-step': true, overall: false });
  expect(criteria.find(({ id }) => id === 'overall')?.evidence).toContain('deliver.overall is 74');
  expect(passed).toBe(false);
});

test('a request whose every step reaches 70, and the whole just 75, is accepted', async () => {
  const outcomes = withScores({ deconstruct: 70, diagnose: 70, develop: 75 });
  expect(outcomes.deliver).toMatchObject({ score: 83, overall: 75, accepted: true });
  expect(await qualityOf(outcomes)).toMatchObject({
    passed: true,
    met: { 'each-step': true, overall: true },
  });
});

test('a request with a step below 70 is not accepted, however good the whole', async () => {
  const outcomes = withScores({ deconstruct: 69, diagnose: 79, develop: 100 });
  expect(outcomes.deliver).toMatchObject({ score: 83, overall: 85, accepted: false });
  expect(await qualityOf(outcomes)).toMatchObject({
    passed: false,
    met: { 'each-step': false, overall: true },
  });
});
