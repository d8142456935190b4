import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import { bytes } from '../../../../apps/cli/render/bytes.js';
import { candidates } from '../../../../apps/cli/render/candidates.js';
import { duration, elapsed } from '../../../../apps/cli/render/duration.js';
import { eventLine } from '../../../../apps/cli/render/event-line.js';
import { garbage } from '../../../../apps/cli/render/garbage.js';
import { health } from '../../../../apps/cli/render/health.js';
import { outcome } from '../../../../apps/cli/render/outcome.js';
import { problem } from '../../../../apps/cli/render/problem.js';
import { runList } from '../../../../apps/cli/render/run-list.js';
import { shorten } from '../../../../apps/cli/render/shorten.js';
import { table } from '../../../../apps/cli/render/table.js';
import { verdicts } from '../../../../apps/cli/render/verdicts.js';
import { merge, recordOf, standing } from '../../../support/run-evidence.js';
import { failedView, runEvent } from '../../../support/run-script.js';

const colors = pc.createColors(false);

describe('what people read', () => {
  it.each([
    [-5, '0.0 s'],
    [0, '0.0 s'],
    [12_340, '12.3 s'],
    [59_949, '59.9 s'],
    [59_950, '1 min 00 s'],
    [185_000, '3 min 05 s'],
    [3_599_600, '1 h 00 min'],
    [7_620_000, '2 h 07 min'],
  ])('writes %i ms as %s', (milliseconds, text) => {
    expect(duration(milliseconds)).toBe(text);
  });

  it('times what runs up to now, and what has not begun not at all', () => {
    expect(elapsed(null, null, 5)).toBeNull();
    expect(elapsed('1970-01-01T00:00:01Z', null, 3000)).toBe(2000);
    expect(elapsed('1970-01-01T00:00:01Z', '1970-01-01T00:00:02Z', 3000)).toBe(1000);
  });

  it.each([
    [0, '0 bytes'],
    [1, '1 byte'],
    [999, '999 bytes'],
    [1000, '1.0 KB'],
    [999_960, '1.0 MB'],
    [65_300_000_000_000, '65.3 TB'],
  ])('writes %i bytes as %s', (count, text) => {
    expect(bytes(count)).toBe(text);
  });

  it('cuts a text by characters and shows that it did', () => {
    expect([shorten('abc', 3), shorten('abcd', 3), shorten('𝒳𝒴𝒵', 2), shorten('abc', 0)]).toEqual([
      'abc',
      'ab…',
      '𝒳…',
      '…',
    ]);
  });

  it('aligns a table without borders, and shows what is null as a dash', () => {
    const columns = [{ head: 'name' }, { head: 'count', align: 'right' }] as const;
    expect(
      table(
        columns,
        [
          ['a\u001b[31mb', 5],
          ['longer', null],
        ],
        colors,
      ),
    ).toBe('name    count\nab          5\nlonger      –');
  });

  it('tells an error by its sentence, its code, and each problem once', () => {
    const problems = [
      { path: '/input/subject', reason: 'It is missing.' },
      { path: '', reason: 'It is empty.' },
    ];
    expect(problem({ code: 'InputInvalid', message: 'It does not match.', problems })).toBe(
      'It does not match. [InputInvalid]\n  /input/subject: It is missing.\n  /: It is empty.',
    );
    const told = 'It does not match:\n  /input/subject: It is missing.';
    expect(problem({ code: 'InputInvalid', message: told, problems: problems.slice(0, 1) })).toBe(
      'It does not match:\n/input/subject: It is missing. [InputInvalid]',
    );
  });

  it('tells an event with its place and its failure', () => {
    const failure = { code: 'NoTests', message: 'There are none.' };
    expect(eventLine(runEvent(1, { kind: 'activity-failed', says: 'code: failed.', failure }))).toBe(
      '2026-01-01T12:00:01.000Z  3-execute/code            code: failed. There are none. [NoTests]',
    );
    const says = 'Phase execute failed with NoTests: There are none.';
    expect(eventLine(runEvent(1, { kind: 'phase-closed', item: null, says, failure }))).toBe(
      `2026-01-01T12:00:01.000Z  3-execute                 ${says}`,
    );
  });

  it('tells how a run ended and why', () => {
    expect(outcome(failedView('r1'), colors)).toBe(
      'Run r1: failed, after 42.0 s.\nThe subject has no tests that can be run. [NoTests]',
    );
  });

  it('says that there are no runs, and still how to see more', () => {
    expect(runList({ runs: [], next: 'e1' }, { now: 0, colors })).toBe(
      'No runs.\n\nMore: heptad runs --cursor e1',
    );
  });

  it('puts the best candidate first and says why one is out', () => {
    const out = standing('A', {
      eligible: false,
      fitness: null,
      measurements: null,
      reason: 'It ran 3 tests fewer.',
      missing: 3,
    });
    const lines = candidates(
      [out, standing('B', { fitness: 0.2 }), standing('C', { fitness: 0.9 })],
      'C',
      null,
      colors,
    ).split('\n');
    expect(lines.slice(1).map((line) => line.slice(0, 1))).toEqual(['C', 'B', 'A', 'A']);
    expect(lines[1]).toMatch(/best$/);
    expect(lines[3]).toMatch(/^A +strategy-A +– +62 +– +120 +– +35\/38 .* out$/);
    expect(lines[4]).toBe('A is out: It ran 3 tests fewer.');
  });

  it('tells the results of a candidate that was repaired apart, and only one of them is the best', () => {
    const out = { eligible: false, fitness: null, measurements: null, reason: 'It breaks 29 tests.' };
    const before = standing('A', { ...out, item: 'improve-a' });
    const after = standing('A', { item: 'improve-a-repair' });
    const lines = candidates([before, after], 'A', null, colors).split('\n');
    expect(lines[1]).toMatch(/^A repaired .* best$/);
    expect(lines[2]).toMatch(/^A {2}.* out$/);
    expect(lines[3]).toBe('A is out: It breaks 29 tests.');
  });

  const merged = { candidate: 'B', improved: false, says: 'Nothing better was found.', lineage: [] };

  it('says of a merge that found nothing better whom it delivers', () => {
    const text = candidates([standing('B')], 'B', { ...merged, insteadOfMerge: null }, colors);
    expect(text.split('\n').at(-1)).toBe('B is delivered as it is: Nothing better was found.');
  });

  it('says why a merge is not delivered', () => {
    const { candidate, improved, says, lineage } = merge.result;
    const insteadOfMerge = 'The decision on Model D is BLOCK.';
    const text = candidates(
      [standing('B'), standing('D', { item: 'merge', fitness: 0.9 })],
      'B',
      { candidate, improved, says, lineage, insteadOfMerge },
      colors,
    );
    const lines = text.split('\n');
    expect(lines[1]).toMatch(/^D .* eligible$/);
    expect(lines[2]).toMatch(/^B .* best$/);
    expect(lines.slice(3)).toEqual([
      'D is merged: 2 parts of B, 1 of A or C, 1 of the subject.',
      'The decision on Model D is BLOCK.',
    ]);
  });

  it('names for each phase the passes that ran, that rejected and that did not run', () => {
    const rejected = recordOf('execute', {
      round: 2,
      verdicts: [{ pass: 'B', passed: false, verdict: recordOf('execute').attempts.log.digest }],
      notRun: [{ pass: 'C', reason: 'Out of time.' }],
    });
    expect(verdicts([recordOf('ingest'), rejected], colors)).toBe(
      [
        'phase             A       B         C',
        'ingest            passed  not run   not run',
        'execute, round 2  –       rejected  not run',
        'Not run: B and C of ingest. Not built for this phase.',
        'Not run: C of execute. Out of time.',
      ].join('\n'),
    );
  });

  it('says what was deleted, and how much is named but missing', () => {
    const none = { count: 0, bytes: 0 };
    const digest = recordOf('ingest').attempts.log.digest;
    const forever = { archives: { kept: 'forever', runs: [] } };
    const report = {
      kept: none,
      young: none,
      leftovers: none,
      missing: [digest],
      openRuns: ['r1'],
      ...forever,
    };
    const text = garbage({ ...report, deleted: true, garbage: { count: 2, bytes: 1500 } });
    expect(text).toContain('Needed by seals and by 1 run without one: 0 files, 0 bytes.');
    expect(text).toContain('Deleted: 2 files, 1.5 KB.');
    expect(text).toContain('the store does not have: 1 (');
    expect(garbage({ ...report, deleted: false, garbage: none })).toContain('There is nothing to delete.');
    expect(text).not.toContain('closed more than');
    const expired = { ...report, archives: { kept: '90 days', runs: ['r2', 'r3'] } };
    const shown = garbage({ ...expired, deleted: false, garbage: none });
    expect(shown).toContain('Kept no longer: 2 archives of runs that closed more than 90 days ago: r2, r3.');
    expect(shown).toContain('Nothing was deleted');
    expect(garbage({ ...expired, deleted: true, garbage: none })).toContain('Deleted: 2 archives of runs');
  });

  it('says below what is missing what to do about it', () => {
    const go = { name: 'Go', ok: false, found: 'none', needed: 'version 1.26', remedy: 'Install it.' };
    const node = { name: 'Node.js', ok: true, found: '24.21.0', needed: 'version 20', remedy: 'Install it.' };
    expect(health([node, go], colors).split('\n')).toEqual([
      'ok       Node.js  24.21.0',
      'missing  Go       none',
      '                  Needed: version 1.26. Install it.',
      '',
      '1 of 2 missing.',
    ]);
  });
});
