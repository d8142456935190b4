import { describe, expect, it } from 'vitest';
import { type CheckResult, runStaticChecks } from '../../../../apps/local/checks/static-checks.js';

describe('the checks of the sources', () => {
  const run = (programs: Record<string, string>) => {
    const told: CheckResult[] = [];
    const checks = Object.entries(programs).map(([name, program]) => ({
      name,
      args: [process.execPath, '-e', program] as const,
    }));
    const options = { root: '.', environment: process.env, tell: (result: CheckResult) => told.push(result) };
    return runStaticChecks(checks, options).then((results) => ({ results, told }));
  };

  it('are told one by one, with the output of those that fail', async () => {
    const { results, told } = await run({ good: '', bad: 'console.log("line 3 is wrong"); process.exit(2)' });
    expect(results).toHaveLength(2);
    expect(told).toEqual(results);
    expect(told.find(({ name }) => name === 'good')).toMatchObject({ ok: true });
    expect(told.find(({ name }) => name === 'bad')).toMatchObject({ ok: false, output: 'line 3 is wrong' });
  });

  it('have failed where their program cannot be started', async () => {
    const options = { root: '.', environment: process.env, tell: () => undefined };
    const results = await runStaticChecks([{ name: 'gone', args: ['/nowhere/at-all'] }], options);
    expect(results).toEqual([expect.objectContaining({ name: 'gone', ok: false })]);
  });
});
