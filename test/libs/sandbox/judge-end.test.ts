import { expect, test } from 'vitest';
import { type Evidence, judgeEnd } from '../../../libs/sandbox/judge-end.js';
import { profile } from './sandbox-fixture.js';

const quiet: Evidence = {
  reason: undefined,
  code: 0,
  reading: { memoryExceeded: false, refused: 0, cpuMs: null, peakMemoryBytes: null },
  disk: { bytes: 0, fullFile: false },
};
const judge = (evidence: Partial<Evidence>) => judgeEnd({ ...quiet, ...evidence }, profile);
const limit = (name: string) => ({ kind: 'limit', limit: name });

test('an exit code up to 128 is one, and above is the signal that it stands for', () => {
  expect(judge({ code: 3 })).toEqual({ kind: 'exited', code: 3 });
  expect(judge({ code: 137 })).toEqual({ kind: 'signalled', signal: 'SIGKILL' });
  expect(judge({ code: 255 })).toEqual({ kind: 'exited', code: 255 });
});

test('a process killed for its memory counts also when the program ended well', () => {
  expect(judge({ reading: { ...quiet.reading, memoryExceeded: true } })).toEqual(limit('memory'));
});

test('refused processes count when the program did not end well', () => {
  const reading = { ...quiet.reading, refused: 1 };
  expect(judge({ reading })).toEqual({ kind: 'exited', code: 0 });
  expect(judge({ reading, code: 2 })).toEqual(limit('processes'));
  expect(judge({ reading, code: null, reason: { kind: 'limit', limit: 'time' } })).toEqual(
    limit('processes'),
  );
});

test('a folder over its limit counts also when it was filled too fast to be seen', () => {
  expect(judge({ disk: { bytes: profile.diskBytes + 1, fullFile: false } })).toEqual(limit('disk'));
});

test('a file at its limit counts when the program did not end well', () => {
  expect(judge({ disk: { bytes: 0, fullFile: true } })).toEqual({ kind: 'exited', code: 0 });
  expect(judge({ disk: { bytes: 0, fullFile: true }, code: 1 })).toEqual(limit('disk'));
  expect(judge({ code: 128 + 25 })).toEqual(limit('disk'));
});

test('the reason for ending it from outside comes before what followed from it', () => {
  expect(judge({ reason: { kind: 'cancelled' }, code: 137 })).toEqual({ kind: 'cancelled' });
});

test('an end that nothing explains is not given a name', () => {
  expect(judge({ code: null })).toBeUndefined();
});
