import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ApiDouble } from '../../../support/api-double.js';
import { heptad } from '../../../support/heptad.js';
import { completedView, failedView, wholeScript } from '../../../support/run-script.js';

describe('the commands that go on from a run', () => {
  const api = new ApiDouble();
  let server: string;
  const call = (...args: string[]) => heptad(['--server', server, ...args]);

  beforeEach(async () => {
    api.runs.clear();
    api.accepted.clear();
    api.continued.length = 0;
    api.points.length = 0;
    api.script = (run) => wholeScript(completedView(run));
    api.add(wholeScript(failedView('earlier')));
    server = await api.start();
  });
  afterEach(() => api.stop());

  it('list the points as a table, and all of them as JSON', async () => {
    const digest = (digit: string) => `sha256:${digit.repeat(64)}` as const;
    const point = { after: null, at: '2026-01-05T09:00:00.000Z', items: ['look', 'mend'] };
    api.points.push({ ...point, id: 'executed', workspace: null, state: digest('1') });
    const { code, out } = await call('points', 'earlier');
    expect(code).toBe(0);
    expect(
      out
        .trimEnd()
        .split('\n')
        .map((line) => line.trim().split(/\s+/)),
    ).toEqual([
      ['point', 'reached', 'items', 'workspace', 'state'],
      ['executed', '2026-01-05T09:00:00.000Z', '2', '–', 'sha256:111111111111…'],
    ]);
    expect(JSON.parse((await call('points', 'earlier', '--json')).out)).toEqual({ points: api.points });
  });

  it.each([
    [['rollback', 'earlier'], 'rollback', {}],
    [['rollback', 'earlier', 'after-gate'], 'rollback', { point: 'after-gate' }],
    [['rerun', 'earlier', 'mend'], 'rerun', { item: 'mend' }],
    [['continue', 'earlier'], 'continue', {}],
  ])('%j starts another run and shows it until it has ended', async (args, verb, body) => {
    const { code, out, err } = await call(...args);
    expect(api.continued).toEqual([{ of: 'earlier', verb, body, labels: [] }]);
    expect(out).toMatch(/^Run r1 is accepted\.\n/);
    expect(out).toContain('Run r1: completed');
    expect({ code, err }).toEqual({ code: 0, err: '' });
  });

  it('hand on what the given labels allow to be seen', async () => {
    expect(await call('continue', 'earlier', '--label', 'team', 'other')).toMatchObject({ code: 0 });
    expect(api.continued.map(({ labels }) => labels)).toEqual([['team', 'other']]);
  });

  it('are the same run for the same key, and end at once where they are detached', async () => {
    const args = ['rerun', 'earlier', 'mend', '--detach', '--key', 'mine', '--json'];
    const [first, second] = [await call(...args), await call(...args)];
    expect([JSON.parse(first.out).id, JSON.parse(second.out).id]).toEqual(['r1', 'r1']);
    expect([...api.accepted.keys()]).toEqual(['mine']);
  });

  it('exit with 1 where the other run fails', async () => {
    api.script = (run) => wholeScript(failedView(run));
    expect((await call('rollback', 'earlier')).code).toBe(1);
  });
});
