import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatCursor, isBehind, parseCursor } from '../../../libs/temporal/event-cursor.js';

const position = fc.record({ chain: fc.nat(999_999), id: fc.nat(999_999_999) });

describe('the cursor over the histories of a run', () => {
  test('is read as it was written', () => {
    const positions = fc.array(fc.tuple(fc.nat(8), position), { minLength: 1 }).map((list) => new Map(list));
    fc.assert(
      fc.property(positions, (written) => {
        expect(parseCursor(formatCursor(written))).toEqual(written);
      }),
    );
  });

  test.each([
    '',
    '0',
    '0.0',
    '9.0.1',
    '0.0.1-',
    '-0.0.1',
    '0.0.1-1',
    '0.0.-1',
    '0.0.1 ',
    'a.b.c',
    '0.0.9999999999',
  ])('is not %j', (text) => {
    expect(() => parseCursor(text)).toThrow(expect.objectContaining({ code: 'InputInvalid' }));
  });

  test('puts a later run of a chain behind an earlier one, whatever the numbers of the events', () => {
    const reached = { chain: 1, id: 5 };
    expect(isBehind({ chain: 0, id: 900 }, reached)).toBe(true);
    expect(isBehind({ chain: 1, id: 5 }, reached)).toBe(true);
    expect(isBehind({ chain: 1, id: 6 }, reached)).toBe(false);
    expect(isBehind({ chain: 2, id: 1 }, reached)).toBe(false);
    expect(isBehind({ chain: 0, id: 1 }, undefined)).toBe(false);
  });
});
