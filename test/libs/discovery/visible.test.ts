import { describe, expect, test } from 'vitest';
import type { Discovery } from '../../../libs/contracts/discovery.js';
import { type Viewer, visibleTo } from '../../../libs/discovery/visible.js';

const anybody: Viewer = { ownRun: false, sameTenant: false, labels: [], at: '2026-06-01T00:00:00.000Z' };

describe('a discovery', () => {
  test('that is private is shown to its own run and to no other, whoever asks', () => {
    const visibility = { kind: 'private' } as const;
    expect(visibleTo({ visibility }, { ...anybody, sameTenant: true, labels: ['private'] })).toBe(false);
    expect(visibleTo({ visibility }, { ...anybody, ownRun: true })).toBe(true);
  });

  test('of a tenant is not shown to another, nor one with labels to who has none of them', () => {
    expect(visibleTo({ visibility: { kind: 'tenant' } }, anybody)).toBe(false);
    expect(visibleTo({ visibility: { kind: 'tenant' } }, { ...anybody, sameTenant: true })).toBe(true);
    const visibility: Discovery['visibility'] = { kind: 'labelled', labels: ['a', 'b'] };
    expect(visibleTo({ visibility }, { ...anybody, labels: ['c'] })).toBe(false);
    expect(visibleTo({ visibility }, { ...anybody, labels: ['c', 'b'] })).toBe(true);
  });

  test.each([
    ['2026-05-31T23:59:59Z', true],
    ['2026-06-01T00:00:00Z', true],
    ['2026-06-01T00:00:01Z', false],
  ])('that is held back until %s is shown: %s', (at, shown) => {
    expect(visibleTo({ visibility: { kind: 'after', at } }, anybody)).toBe(shown);
  });
});
