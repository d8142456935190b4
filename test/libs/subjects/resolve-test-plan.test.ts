import { describe, expect, it } from 'vitest';
import { resolveTestPlan } from '../../../libs/subjects/resolve-test-plan.js';

describe('the test plan', () => {
  const packageJson = { scripts: { test: 'mocha test/' }, devDependencies: { mocha: '^10.0.0' } };

  it('is the one that the input gives', () => {
    const given = { command: 'tape *.js', tools: { tape: '4.17.0' } };
    expect(resolveTestPlan(packageJson, given)).toEqual(given);
  });

  it("is else the package's own script with its devDependencies", () => {
    expect(resolveTestPlan(packageJson)).toEqual({ command: 'mocha test/', tools: { mocha: '^10.0.0' } });
    expect(resolveTestPlan({ scripts: { test: 'make test' }, devDependencies: [] })).toEqual({
      command: 'make test',
      tools: {},
    });
  });

  it.each([
    ['no package.json', undefined],
    ['no scripts', {}],
    ['no script for tests', { scripts: { lint: 'x' } }],
    ['an empty script', { scripts: { test: ' ' } }],
    ["npm's placeholder", { scripts: { test: 'echo "Error: no test specified" && exit 1' } }],
    ['a script that is too long', { scripts: { test: 'x'.repeat(2001) } }],
  ])('is missed where there is %s', (_, value) => {
    expect(() => resolveTestPlan(value)).toThrow(expect.objectContaining({ code: 'NoTests' }));
  });

  it('is not made from what is no package.json', () => {
    for (const value of [
      [],
      'text',
      { scripts: 'test' },
      { scripts: { test: 'a' }, devDependencies: { mocha: 1 } },
    ])
      expect(() => resolveTestPlan(value)).toThrow(expect.objectContaining({ code: 'SubjectInvalid' }));
  });
});
