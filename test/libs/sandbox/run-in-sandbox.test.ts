import { lstat, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { asRoot, node, run, shell, temporaryFolder } from './sandbox-fixture.js';

describe('a program', () => {
  test('gets its arguments, input, folder and environment, and nothing else', async () => {
    const script = 'cat; echo; pwd; echo "$0" "$1"; env | sort';
    const { ended, stdout, stderr } = await run(['/bin/sh', '-c', script, 'zero', 'a b'], {
      stdin: 'input',
      cwd: '/usr',
      env: { NAME: 'a value\nin two lines', PATH: '/usr/bin' },
    });
    expect({ ended, stderr }).toEqual({ ended: { kind: 'exited', code: 0 }, stderr: '' });
    expect(stdout).toBe('input\n/usr\nzero a b\nNAME=a value\nPATH=/usr/bin\nPWD=/usr\nin two lines\n');
  });

  test('is read from byte by byte, on both outputs', async () => {
    const outcome = await node('process.stdin.pipe(process.stdout); console.error("é")', {
      stdin: new Uint8Array([104, 105]),
    });
    expect(outcome).toMatchObject({ stdout: 'hi', stderr: 'é\n', truncated: false });
  });

  test('that reads no input is not waited for', async () => {
    const { ended } = await shell('exit 0', { stdin: 'x'.repeat(1_000_000) });
    expect(ended).toEqual({ kind: 'exited', code: 0 });
  });

  test('ends with its exit code or its signal, and with no word of ours in its output', async () => {
    expect(await shell('exit 7')).toMatchObject({ ended: { kind: 'exited', code: 7 }, stderr: '' });
    const killed = { ended: { kind: 'signalled', signal: 'SIGSEGV' }, stderr: '' };
    expect(await shell('kill -SEGV $$')).toMatchObject(killed);
  });

  test('that does not exist ends as in a shell', async () => {
    expect(await run(['nothing-of-this-name'])).toMatchObject({ ended: { kind: 'exited', code: 127 } });
  });

  test('has a name, a home of its own and a loopback address', async () => {
    const script =
      'const os = require("os"); require("dns").lookup("localhost", (error) => console.log(os.userInfo().username, os.hostname(), error))';
    expect((await node(script)).stdout).toBe('sandbox sandbox null\n');
  });

  test('has its use of time and memory measured', async () => {
    const { usage } = await node(
      'const held = Buffer.alloc(40e6, 1); const used = () => { const { user, system } = process.cpuUsage(); return user + system }; while (used() < 200_000); held.length',
    );
    expect(usage.wallMs).toBeGreaterThan(0);
    expect(usage.cpuMs).toBeGreaterThan(0);
    expect(usage.peakMemoryBytes).toBeGreaterThan(40e6);
  });

  test('shows activity when it writes, and when it only computes', async () => {
    let written = 0;
    await shell('echo one', {
      onActivity: () => {
        written += 1;
      },
    });
    expect(written).toBeGreaterThan(0);
    const cancel = new AbortController();
    const computing = shell('while :; do :; done', {
      signal: cancel.signal,
      onActivity: () => cancel.abort(),
    });
    expect((await computing).ended).toEqual({ kind: 'cancelled' });
  });
});

describe('a writable folder', () => {
  const mounted = (source: string) => ({
    cwd: '/work',
    mounts: [{ source, target: '/work', writable: true }],
  });

  test('can be changed, and belongs to its owner again afterwards', async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'deep'));
    await writeFile(join(folder, 'deep/old'), 'old');
    const script =
      'cat deep/old; echo new > deep/old; mkdir -p more/of && echo x > more/of/it; stat -c %u deep/old';
    const { ended, stdout } = await shell(script, mounted(folder));
    expect(ended).toEqual({ kind: 'exited', code: 0 });
    expect(stdout).not.toBe('old0\n');
    expect(await readFile(join(folder, 'deep/old'), 'utf8')).toBe('new\n');
    for (const entry of await readdir(folder, { recursive: true })) {
      expect((await lstat(join(folder, entry))).uid).toBe(process.getuid?.());
    }
  });

  test('keeps no set-user-id file and no folder that its owner cannot enter', async () => {
    const folder = await temporaryFolder();
    const script =
      'cp /bin/sh shell && chmod 6755 shell; mkdir -p shut/in && echo x > shut/in/file && chmod 0 shut/in shut';
    const { ended } = await shell(script, mounted(folder));
    expect(ended).toEqual({ kind: 'exited', code: 0 });
    expect((await lstat(join(folder, 'shell'))).mode & 0o6000).toBe(0);
    expect((await lstat(join(folder, 'shut'))).mode & 0o700).toBe(0o700);
    expect((await lstat(join(folder, 'shut/in'))).mode & 0o700).toBe(0o700);
  });

  test('may hold symbolic links out of it, which nothing follows', async () => {
    const folder = await temporaryFolder();
    const outside = await temporaryFolder();
    await writeFile(join(outside, 'secret'), 'secret');
    await mkdir(join(outside, 'folder'), { mode: 0o500 });
    await symlink(join(outside, 'secret'), join(folder, 'before'));
    const before = await lstat(join(outside, 'secret'));
    const script = `ln -s ${outside}/secret after; ln -s ${outside} all; ln -s ${outside}/folder shut; cat before after; echo x > after; echo x > all/new`;
    const { stdout, ended } = await shell(script, mounted(folder));
    expect({ stdout, failed: ended.kind === 'exited' && ended.code !== 0 }).toEqual({
      stdout: '',
      failed: true,
    });
    const after = await lstat(join(outside, 'secret'));
    expect(await readFile(join(outside, 'secret'), 'utf8')).toBe('secret');
    expect([after.uid, after.mode, after.ctimeMs]).toEqual([before.uid, before.mode, before.ctimeMs]);
    expect((await lstat(join(outside, 'folder'))).mode & 0o777).toBe(0o500);
    expect(await readdir(outside)).toEqual(['folder', 'secret']);
  });
});

describe('a command', () => {
  const refused = async (options: Parameters<typeof run>[1], path: string) => {
    await expect(run(['true'], options)).rejects.toMatchObject({
      code: 'InputInvalid',
      problems: [expect.objectContaining({ path })],
    });
  };

  test('whose mount does not exist or lies in a folder of the sandbox is refused', async () => {
    await refused(
      { mounts: [{ source: '/nowhere/at/all', target: '/work', writable: false }] },
      '/mounts/1/source',
    );
    for (const target of ['/', '/proc/x', '/etc', '/work/../etc', 'work']) {
      await refused({ mounts: [{ source: '/usr', target, writable: false }] }, '/mounts/1/target');
    }
  });

  test('whose writable mount is a symbolic link is refused', async () => {
    const folder = await temporaryFolder();
    await symlink('/usr', join(folder, 'link'));
    await refused(
      { mounts: [{ source: join(folder, 'link'), target: '/work', writable: true }] },
      '/mounts/1/source',
    );
  });

  test('whose environment would act on the start of the sandbox is refused', async () => {
    await refused({ env: { LD_PRELOAD: '/work/evil.so' } }, '/env/LD_PRELOAD');
    await refused({ env: { 'BASH_FUNC_x%%': '() { :; }' } }, '/env/BASH_FUNC_x%%');
  });

  test('whose working folder is not inside is refused', async () => {
    await expect(run(['true'], { cwd: '/root' })).rejects.toMatchObject({ code: 'InputInvalid' });
  });

  test('that is empty, or whose limits are no numbers above zero, is refused', async () => {
    await expect(run([])).rejects.toMatchObject({ code: 'InputInvalid' });
    await refused({ profile: { memoryBytes: 0 } }, '/profile/memoryBytes');
  });
});

test('programs at the same time have users of their own', async () => {
  const outcomes = await Promise.all([1, 2, 3].map(() => shell('id -u')));
  const users = new Set(outcomes.map(({ stdout }) => stdout));
  expect(users.size).toBe(asRoot ? 3 : 1);
});
