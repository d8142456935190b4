import { describe, expect, it } from 'vitest';
import { type Progress, rollbackPoints } from '../../../libs/continuation/rollback-points.js';
import { digestOfState } from '../../../libs/continuation/state.js';
import type { CapturedSubject } from '../../../libs/contracts/subject.js';
import { graph, item, result } from '../graph/graphs.js';

const workspace = (digit: string) => ({ digest: `sha256:${digit.repeat(64)}` as const, files: 1, bytes: 2 });

const captured: CapturedSubject = {
  subject: { kind: 'directory', path: '/subject' },
  title: '/subject',
  snapshot: workspace('0'),
};

const look = item('look');
const mend = item('mend', { after: ['look'] });
const gate = item('gate', { kind: 'checkpoint', after: ['mend'] });
const last = item('last', { after: ['gate'] });
const plan = graph([look, mend, gate, last]);

const at = (minute: number): string => `2026-01-05T09:0${minute}:00.000Z`;

const progress = (changes: Partial<Progress> = {}): Progress => ({
  captured,
  capturedAt: at(0),
  plan,
  done: [
    { item: look, result: result('look'), at: at(1) },
    { item: mend, result: { ...result('mend'), workspace: workspace('1') }, at: at(2) },
    { item: gate, result: result('gate'), at: at(3) },
    { item: last, result: { ...result('last'), workspace: workspace('2') }, at: at(4) },
  ],
  executedAt: at(5),
  ...changes,
});

const pointsOf = (of: Progress) => rollbackPoints(of).map(({ point }) => point);

describe('rollback points', () => {
  it('are the captured subject, each barrier that was passed, and the end of execute', () => {
    expect(pointsOf(progress())).toMatchObject([
      { id: 'subject', at: at(0), after: null, workspace: workspace('0').digest, items: [] },
      {
        id: 'after-gate',
        at: at(3),
        after: 'gate',
        workspace: workspace('1').digest,
        items: ['look', 'mend', 'gate'],
      },
      {
        id: 'executed',
        at: at(5),
        after: null,
        workspace: workspace('2').digest,
        items: ['look', 'mend', 'gate', 'last'],
      },
    ]);
  });

  it('have the digest of the workspace and the results', () => {
    for (const { point, results } of rollbackPoints(progress()))
      expect(point.state).toBe(digestOfState({ workspace: point.workspace, results }));
    const other = progress({ captured: { ...captured, snapshot: workspace('7') } });
    expect(pointsOf(other)[0]?.state).not.toBe(pointsOf(progress())[0]?.state);
  });

  it('are what was done by then, where execute did not get further', () => {
    const [, , , ...none] = pointsOf(progress({ done: progress().done.slice(0, 2), executedAt: null }));
    expect(none).toEqual([]);
    expect(
      pointsOf(progress({ done: progress().done.slice(0, 2) })).map(({ id, items }) => [id, items]),
    ).toEqual([
      ['subject', []],
      ['executed', ['look', 'mend']],
    ]);
  });

  it('are not behind a barrier that was not passed', () => {
    const done = progress().done.map((one) =>
      one.item === gate ? { ...one, result: result('gate', false) } : one,
    );
    expect(pointsOf(progress({ done: done.slice(0, 3) })).map(({ id }) => id)).toEqual([
      'subject',
      'executed',
    ]);
  });

  it('name no workspace where candidates have one each', () => {
    const of = (letter: string, digit: string) => ({
      item: item(`improve-${letter}`, { candidate: letter.toUpperCase() }),
      result: { ...result(`improve-${letter}`), workspace: workspace(digit) },
      at: at(1),
    });
    const done = [of('a', '1'), of('b', '2')];
    const several = progress({ done, plan: graph(done.map((one) => one.item)) });
    expect(pointsOf(several).at(-1)).toMatchObject({ workspace: null, items: ['improve-a', 'improve-b'] });
  });
});
