import { expect, test } from 'vitest';
import { learn } from '../../../libs/merge/knowledge.js';

const passed = (...genome: number[]) => ({ genome, passes: true });
const failed = (...genome: number[]) => ({ genome, passes: false });
const captured = [0, 0, 0, 0];

test('what passed together is safe, and a failure is blamed on what is left', () => {
  const { safe, guilty, suspects } = learn([passed(1, 1, 0, 0), failed(1, 1, 2, 0)], captured);
  expect([...safe].sort()).toEqual(['0:1', '1:1']);
  expect([...guilty]).toEqual(['2:2']);
  expect(suspects).toEqual([]);
});

test('where several are left, one of them is to blame', () => {
  const { guilty, suspects } = learn([failed(1, 1, 1, 0)], captured);
  expect([...guilty]).toEqual([]);
  expect(suspects).toEqual([['0:1', '1:1', '2:1']]);
});

test('a failure that a smaller one explains says nothing more', () => {
  expect(learn([failed(1, 1, 1, 1), failed(0, 1, 1, 0)], captured).suspects).toEqual([['1:1', '2:1']]);
  expect(learn([failed(1, 1, 1, 1), failed(0, 1, 0, 0)], captured).suspects).toEqual([]);
});

test('choices that pass alone and fail together are blamed where the best does without them', () => {
  const best = [1, 0, 0, 0];
  const { safe, guilty } = learn([passed(1, 0, 0, 0), passed(0, 1, 0, 0), failed(1, 1, 0, 0)], best);
  expect([...safe]).toEqual(['0:1']);
  expect([...guilty]).toEqual(['1:1']);
});
