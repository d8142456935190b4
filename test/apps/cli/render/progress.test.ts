import { stripVTControlCharacters } from 'node:util';
import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import { progress } from '../../../../apps/cli/render/progress.js';
import type { ItemStatus } from '../../../../libs/contracts/graph.js';
import type { RunView } from '../../../../libs/contracts/run.js';
import { acceptedView, completedView } from '../../../support/run-script.js';

const colors = pc.createColors(false);
const now = Date.parse('2026-01-01T12:01:05.250Z');
const options = { now, columns: 80, rows: 40, colors };

const item = (
  id: string,
  status: ItemStatus,
  changes: object = {},
): NonNullable<RunView['items']>[number] => ({
  id,
  title: id,
  category: 'analysis',
  status,
  agent: null,
  candidate: null,
  summary: null,
  code: null,
  startedAt: status === 'pending' ? null : '2026-01-01T12:00:20.000Z',
  endedAt: status === 'completed' || status === 'failed' ? '2026-01-01T12:00:21.500Z' : null,
  progress: null,
  ...changes,
});

/** A run in execute, with these items. */
function executing(items: RunView['items'], changes: Partial<RunView> = {}): RunView {
  const view = acceptedView('r1', { phase: 'execute', items, ...changes });
  const [ingest, assign, execute, ...rest] = view.phases.map((phase) => ({
    ...phase,
    startedAt: '2026-01-01T12:00:10.000Z',
  }));
  if (ingest === undefined || assign === undefined || execute === undefined) throw new Error('Seven phases.');
  const done = { state: 'completed', endedAt: '2026-01-01T12:00:12.300Z', summary: 'captured' } as const;
  const pending = rest.map((phase) => ({ ...phase, startedAt: null }));
  return {
    ...view,
    phases: [{ ...ingest, ...done }, { ...assign, ...done }, { ...execute, state: 'running' }, ...pending],
  };
}

describe('progress', () => {
  it('shows seven phases with their times, and the items below the phase that runs them', () => {
    const items = [
      item('code', 'completed', { summary: '12 findings' }),
      item('improve.A', 'running'),
      item('x', 'pending'),
    ];
    expect(progress(executing(items), options).split('\n')).toEqual([
      'repository-review  npm:ejs@1.0.0  running  1 min 05 s',
      'run r1',
      '',
      '1 ingest       done      2.3 s  captured',
      '2 assign       done      2.3 s  captured',
      '3 execute      running  55.3 s',
      '    code       done      1.5 s  12 findings',
      '    improve.A  running  45.3 s',
      '    x          ·',
      '4 coordinate   ·',
      '5 verify       ·',
      '6 deliver      ·',
      '7 conclude     ·',
    ]);
  });

  it('leaves the items out once execute is over, unless all are asked for', () => {
    const view = completedView('r1', { items: [item('code', 'completed')] });
    expect(progress(view, options)).not.toContain('code');
    expect(progress(view, { ...options, allItems: true })).toMatch(/^ {4}code +done/m);
  });

  it('says with which code an item or a phase failed', () => {
    const failed = item('validate.C', 'failed', { code: 'SandboxLimit', summary: 'It was ended.' });
    expect(progress(executing([failed]), options)).toMatch(
      /validate\.C +failed +1\.5 s +SandboxLimit: It was ended\.$/m,
    );
    const view = completedView('r1', { state: 'failed' });
    const phases = view.phases.map((phase) => ({
      ...phase,
      state: 'failed' as const,
      failure: { code: 'NoTests', message: 'None.' },
    }));
    expect(progress({ ...view, phases }, options)).toMatch(/^1 ingest +failed +6\.0 s +NoTests: None\.$/m);
  });

  it('keeps to the columns and lines of the terminal, and keeps what runs and what failed in sight', () => {
    const items = Array.from({ length: 60 }, (_, index) =>
      item(
        `item-with-a-name-that-is-long-${index}`,
        index === 50 ? 'failed' : index < 40 ? 'completed' : 'running',
        {
          summary: 'a summary that goes on and on and on and on and on and on and on and on and on',
        },
      ),
    );
    const lines = progress(executing(items), { ...options, rows: 30, note: 'n'.repeat(200) }).split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(lines.length).toBeLessThanOrEqual(30);
    expect(lines.filter((line) => / {2}failed {2}/.test(line))).toHaveLength(1);
    expect(lines.filter((line) => /… {2}running {2}/.test(line))).toHaveLength(14);
    expect(lines.join('\n')).toContain('and 45 more');
  });

  it('keeps what waits for a person in sight before all else, and what waits for a lane behind what runs', () => {
    const items = [
      ...Array.from({ length: 60 }, (_, index) => item(`waits-${index}`, index < 30 ? 'ready' : 'pending')),
      item('runs', 'running'),
      item('again', 'retrying'),
      item('look', 'awaiting_review'),
      item('stuck', 'blocked'),
    ];
    const shown = progress(executing(items), { ...options, rows: 22 });
    for (const id of ['runs', 'again', 'look', 'stuck']) expect(shown).toContain(`    ${id} `);
    expect(shown).not.toContain('waits-');
  });

  it.each([
    [
      'blocked',
      'code failed with AgentFailed and waits for a person',
      "heptad retry r1 code --reason '…'   (or: skip, fail)",
    ],
    [
      'awaiting_review',
      'the result of code waits for a person',
      "heptad approve r1 code --reason '…'   (or: reject)",
    ],
  ] as const)('says what can be done about an item that is %s', (status, says, command) => {
    const code = status === 'blocked' ? 'AgentFailed' : null;
    const lines = progress(executing([item('code', status, { code })]), options).split('\n');
    expect(lines.slice(-3)).toEqual(['', says, command]);
  });

  it('says why the items are not known', () => {
    expect(progress(executing(null, { itemsUnavailable: 'No worker answers.' }), options)).toContain(
      '    items are not known: No worker answers.',
    );
  });

  it('takes no control characters of a subject to the terminal', () => {
    const view = acceptedView('r1', { subject: '\u001b[2Jnpm:x\u0007@1\n2' });
    expect(progress(view, options).split('\n')[0]).toBe('repository-review  npm:x @1 2  running  1 min 05 s');
  });

  it('is the same text with colours', () => {
    const view = executing([item('code', 'running')]);
    const coloured = progress(view, { ...options, colors: pc.createColors(true) });
    expect(coloured).not.toBe(progress(view, options));
    expect(stripVTControlCharacters(coloured)).toBe(progress(view, options));
  });
});
