import { describe, expect, test } from 'vitest';
import { host, node, shell, temporaryFolder } from './sandbox-fixture.js';

const limit = (name: string) => ({ kind: 'limit', limit: name });

describe.each([
  { held: 'by what the machine offers first', on: host },
  { held: 'by the watchdog', on: { ...host, limits: 'watchdog' as const } },
])('limits held $held', ({ on }) => {
  test('one process that takes too much memory ends the program', async () => {
    const { ended } = await node('const all = []; for (;;) all.push(Buffer.alloc(1e6, 1))', { host: on });
    expect(ended).toEqual(limit('memory'));
  });

  test('many processes that take too much memory together end it', async () => {
    const hog = 'a=$(head -c 30000000 /dev/zero | tr "\\0" x); sleep 1000; :';
    const { ended } = await shell(`for i in 1 2 3 4 5 6 7 8; do (${hog}) & done; wait`, { host: on });
    expect(ended).toEqual(limit('memory'));
  });

  test('a child that takes too much memory ends a program that would have gone on', async () => {
    const script = 'head -c 300000000 /dev/zero | tr "\\0" x | sort > /dev/null; sleep 1000';
    const { ended } = await shell(script, { host: on, profile: { diskBytes: 1e9 } });
    expect(ended).toEqual(limit('memory'));
  });

  test('files in memory count as memory', async () => {
    const script = 'head -c 100M /dev/zero > /tmp/x; head -c 100M /dev/zero > /dev/shm/x; sleep 1000';
    const { ended } = await shell(script, { host: on, profile: { diskBytes: 1e9, fileBytes: 1e9 } });
    expect(ended).toEqual(limit('memory'));
  });

  test('a fork bomb ends by its processes', async () => {
    const script =
      'const { spawn } = require("child_process"); setInterval(() => spawn("sleep", ["1000"]).on("error", () => {}), 1)';
    const { ended } = await node(script, { host: on });
    expect(ended).toEqual(limit('processes'));
  });

  test('a program that cannot start the processes it needs ends by them', async () => {
    const script =
      'const { spawn } = require("child_process"); for (let i = 0; i < 60; i += 1) spawn("sleep", ["1000"]).on("error", () => {}); setTimeout(() => process.exit(1), 400)';
    const { ended } = await node(script, { host: on });
    expect(ended).toEqual(limit('processes'));
  });

  test('a program within its limits is left alone', async () => {
    const script =
      'for i in 1 2 3 4 5 6 7 8 9 10; do (head -c 1M /dev/zero | sort > /tmp/$i) & done; wait; sleep 0.3';
    expect((await shell(script, { host: on })).ended).toEqual({ kind: 'exited', code: 0 });
  });
});

describe('the limit of time', () => {
  test('ends a loop', async () => {
    expect((await shell('while :; do :; done', { profile: { wallMs: 300 } })).ended).toEqual(limit('time'));
  });

  test('ends a program that ignores signals, with all that it started', async () => {
    const script =
      'trap "" TERM INT HUP; (setsid sh -c "trap \\"\\" TERM; while :; do sleep 1; done" &); while :; do sleep 1; done';
    expect((await shell(script, { profile: { wallMs: 300 } })).ended).toEqual(limit('time'));
  });
});

describe('the limit of disk', () => {
  const mounted = async () => ({
    cwd: '/work',
    mounts: [{ source: await temporaryFolder(), target: '/work', writable: true }],
  });

  test('ends a program that writes one large file', async () => {
    const { ended } = await shell('head -c 100M /dev/zero > large', await mounted());
    expect(ended).toEqual(limit('disk'));
  });

  test('explains the failure of a program that could not go on writing a file', async () => {
    const { ended, stderr } = await node(
      'require("fs").writeFileSync("large", Buffer.alloc(20e6))',
      await mounted(),
    );
    expect({ ended, told: stderr.includes('EFBIG') }).toEqual({ ended: limit('disk'), told: true });
  });

  test('ends a program that writes many files', async () => {
    const { ended } = await shell(
      'i=0; while :; do head -c 1M /dev/zero > $i; i=$((i+1)); done',
      await mounted(),
    );
    expect(ended).toEqual(limit('disk'));
  });

  test('ends a program that writes many empty files', async () => {
    const script =
      'for (let i = 0; ; i += 1) require("fs").closeSync(require("fs").openSync("file" + i, "w"))';
    const { ended } = await node(script, { ...(await mounted()), profile: { diskBytes: 1024 * 1024 } });
    expect(ended).toEqual(limit('disk'));
  });

  test('sees files in folders too deep for a path', async () => {
    const script =
      'd=0123456789012345678901234567890123456789; i=0; while [ $i -lt 120 ]; do mkdir -p $d && cd -P $d; i=$((i+1)); done; while :; do head -c 1M /dev/zero > $i; i=$((i+1)); done';
    const { ended } = await shell(script, await mounted());
    expect(ended).toEqual(limit('disk'));
  });

  test('sees files that were removed while open', async () => {
    const script =
      'const fs = require("fs"); for (let i = 0; i < 60; i += 1) { const file = fs.openSync("f" + i, "w"); fs.unlinkSync("f" + i); fs.writeSync(file, Buffer.alloc(1e6, 1)) } setInterval(() => {}, 1000)';
    const { ended } = await node(script, await mounted());
    expect(ended).toEqual(limit('disk'));
  });

  test('of /tmp is an error that the program sees', async () => {
    const { ended, stderr } = await shell('head -c 100M /dev/zero > /tmp/x', { profile: { fileBytes: 1e9 } });
    expect({ ended, told: stderr.includes('No space left') }).toEqual({
      ended: { kind: 'exited', code: 1 },
      told: true,
    });
  });

  test('counts what a program wrote too fast to be watched', async () => {
    const script = 'for i in 1 2 3; do head -c 7M /dev/zero > $i; done';
    expect((await shell(script, await mounted())).ended).toEqual(limit('disk'));
  });
});

describe('the limit of output', () => {
  test('cuts it, says so, and lets the program end', async () => {
    const { ended, stdout, stderr, truncated } = await shell(
      'head -c 100 /dev/zero >&2; head -c 200000 /dev/zero',
    );
    expect({ ended, truncated }).toEqual({ ended: { kind: 'exited', code: 0 }, truncated: true });
    expect(stdout.length + stderr.length).toBe(64 * 1024);
  });

  test('ends a flood', async () => {
    const { ended, stdout, truncated } = await shell('yes');
    expect({ ended, truncated }).toEqual({ ended: limit('output'), truncated: true });
    expect(stdout.length).toBe(64 * 1024);
  });
});
