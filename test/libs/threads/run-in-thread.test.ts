import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { runInThread } from '../../../libs/threads/run-in-thread.js';
import { endless, fail, module, tell } from './work/in-a-thread.js';

test('a function runs in another thread, and its result comes back', async () => {
  const given = { text: 'one\n', list: [1, 2] };
  expect(await runInThread(tell, module, given)).toEqual({ given, isMainThread: false });
});

test('what the function throws is thrown', async () => {
  await expect(runInThread(fail, module, 'too much')).rejects.toThrow(new RangeError('too much'));
});

test('the signal ends work that would never end, with its own reason', async () => {
  const started = new Int32Array(new SharedArrayBuffer(4));
  const stop = new AbortController();
  const work = runInThread(endless, module, started, stop.signal);
  await Atomics.waitAsync(started, 0, 0).value;
  const reason = new Error('not wanted any more');
  stop.abort(reason);
  await expect(work).rejects.toBe(reason);
  expect(await runInThread(tell, module, 'next')).toMatchObject({ given: 'next' });
});

test('work whose signal fired before does not start', async () => {
  const started = new Int32Array(new SharedArrayBuffer(4));
  const reason = new Error('not wanted');
  await expect(runInThread(endless, module, started, AbortSignal.abort(reason))).rejects.toBe(reason);
  expect(started[0]).toBe(0);
});

test('an idle thread does not keep the process alive', async () => {
  const source = new URL('../../../libs/threads/run-in-thread.ts', import.meta.url).href;
  const program = `
    import { runInThread } from ${JSON.stringify(source)};
    import { module, tell } from ${JSON.stringify(module)};
    process.on('beforeExit', () => console.log('free'));
    const { isMainThread } = await runInThread(tell, module, 1);
    console.log(isMainThread);
    setTimeout(() => console.log('kept'), 2000).unref();`;
  const args = ['--input-type=module', '--eval', program];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  expect(stdout).toBe('false\nfree\n');
});
