import { spawn } from 'node:child_process';
import { chmod, copyFile, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { asRoot, node, shell, temporaryFolder } from './sandbox-fixture.js';

async function listening(address: { host?: string; port?: number; path?: string }) {
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(address, resolve));
  onTestFinished(() => void server.close());
  const bound = server.address();
  return { port: typeof bound === 'object' ? bound?.port : undefined, connections: () => connections };
}

const connectTo = (address: object) =>
  `require("net").connect(${JSON.stringify(address)}).on("connect", () => console.log("connected")).on("error", (error) => console.log(error.code))`;

describe('files of the host', () => {
  test('outside the mounts are not there', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'secret'), 'secret');
    const paths = [
      join(folder, 'secret'),
      '/etc/shadow',
      '/root',
      '/home',
      '/var',
      '/sys',
      '/boot',
      process.cwd(),
    ];
    const script = `for (const path of ${JSON.stringify(paths)}) { try { require("fs").accessSync(path); console.log(path) } catch {} }`;
    expect(await node(script)).toMatchObject({ ended: { kind: 'exited', code: 0 }, stdout: '', stderr: '' });
  });

  test('are not reached through a process of the host, a device or the root of the sandbox', async () => {
    const script =
      'ls /proc/1/root/root /proc/1/cwd/root /../root /dev/vda /dev/sda /dev/mem /dev/kmsg /dev/fuse /dev/vsock 2>/dev/null; mknod /tmp/disk b 8 0';
    const { stdout, ended } = await shell(script);
    expect({ stdout, ended }).toEqual({ stdout: '', ended: { kind: 'exited', code: 1 } });
  });

  test('that are mounted read-only cannot be changed', async () => {
    const folder = await temporaryFolder();
    await chmod(folder, 0o777);
    await writeFile(join(folder, 'file'), 'kept', { mode: 0o666 });
    const script =
      'echo x > /given/file; echo x > /given/new; rm /given/file; chmod 777 /given/file; mv /given /tmp; echo x > /usr/bin/x; echo x > /x; echo x > /etc/passwd; echo x > /dev/x; true';
    const { stderr } = await shell(script, {
      mounts: [{ source: folder, target: '/given', writable: false }],
    });
    expect(stderr.match(/Read-only file system|Permission denied|busy/g)?.length).toBe(9);
    expect(await readFile(join(folder, 'file'), 'utf8')).toBe('kept');
  });

  test('cannot be linked into a writable folder', async () => {
    const given = await temporaryFolder();
    const folder = await temporaryFolder();
    await chmod(given, 0o755);
    await writeFile(join(given, 'file'), 'kept');
    const { ended } = await shell('ln /given/file /work/file', {
      mounts: [
        { source: given, target: '/given', writable: false },
        { source: folder, target: '/work', writable: true },
      ],
    });
    expect(ended).toEqual({ kind: 'exited', code: 1 });
  });
});

describe('processes of the host', () => {
  test('are not seen and cannot be signalled', async () => {
    const victim = spawn('/bin/sleep', ['1000'], { stdio: 'ignore' });
    onTestFinished(() => void victim.kill('SIGKILL'));
    const script = `
      const fs = require("fs");
      const ids = fs.readdirSync("/proc").filter((id) => /^\\d+$/.test(id));
      console.log(ids.length, process.pid < 10);
      for (const id of [${victim.pid}, ${process.pid}]) { try { process.kill(id, "SIGKILL"); console.log("signalled") } catch (error) { console.log(error.code) } }
      try { process.kill(-1, "SIGTERM") } catch {}`;
    const { stdout } = await node(script);
    expect(stdout).toBe('2 true\nESRCH\nESRCH\n');
    expect(victim.exitCode ?? victim.signalCode).toBeNull();
  });

  test('have an environment that no process of the sandbox shows', async () => {
    const script = `
      const fs = require("fs");
      const names = fs.readdirSync("/proc").filter((id) => /^\\d+$/.test(id)).flatMap((id) => {
        try { return fs.readFileSync("/proc/" + id + "/environ", "utf8").split("\\0").map((line) => line.split("=")[0]) } catch { return [] }
      });
      console.log([...new Set(names)].filter(Boolean).sort().join());`;
    expect((await node(script)).stdout).toBe('PATH,PWD\n');
  });
});

describe('the network', () => {
  test('is not there: neither a port of the host nor a name', async () => {
    const server = await listening({ host: '127.0.0.1', port: 0 });
    expect((await node(connectTo({ host: '127.0.0.1', port: server.port }))).stdout).toBe('ECONNREFUSED\n');
    expect((await node(connectTo({ host: '192.0.2.1', port: 80 }))).stdout).toBe('ENETUNREACH\n');
    const lookup = await node(
      'require("dns").lookup("example.com", (error) => console.log(error.code)); console.log(Object.keys(require("os").networkInterfaces()).join())',
    );
    expect(lookup.stdout.split('\n').sort()).toEqual([
      '',
      expect.stringMatching(/^(EAI_AGAIN|ENOTFOUND)$/),
      'lo',
    ]);
    expect(server.connections()).toBe(0);
  });

  test('is not replaced by sockets of the host, in a file or abstract', async () => {
    const folder = await temporaryFolder();
    const path = join(folder, 'socket');
    const abstract = `\0heptad-sandbox-test-${process.pid}`;
    const servers = await Promise.all([listening({ path }), listening({ path: abstract })]);
    expect((await node(connectTo({ path }))).stdout).toBe('ENOENT\n');
    expect((await node(connectTo({ path: abstract }))).stdout).toBe('ECONNREFUSED\n');
    expect(servers.map((server) => server.connections())).toEqual([0, 0]);
  });
});

describe('privileges', () => {
  test('are none, and cannot be gained', async () => {
    const { stdout } = await shell('id -u; id -G; grep -E "^(Cap|NoNewPrivs)" /proc/self/status');
    const [user, groups, ...status] = stdout.trim().split('\n');
    expect(user).not.toBe('0');
    expect(groups).toBe(user);
    expect(status.map((line) => line.replace(/\s+/, ' '))).toEqual([
      ...['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb'].map((name) => `${name}: 0000000000000000`),
      'NoNewPrivs: 1',
    ]);
  });

  test('do not come from a set-user-id program', async () => {
    const folder = await temporaryFolder();
    await copyFile('/usr/bin/id', join(folder, 'id'));
    await chmod(folder, 0o755);
    await chmod(join(folder, 'id'), 0o4755);
    const { stdout } = await shell('/given/id -u; id -u', {
      mounts: [{ source: folder, target: '/given', writable: false }],
    });
    const [raised, own] = stdout.trim().split('\n');
    expect(raised).toBe(own);
  });

  test('do not allow mounting, another root, another user, the clock, the host name or the kernel', async () => {
    const attempts = [
      'mount -t tmpfs none /tmp',
      'umount /tmp',
      'mount -o remount,rw /usr',
      'chroot / true',
      'setpriv --reuid 0 true',
      'setpriv --reuid 12345 true',
      'chown 12345 /tmp/file',
      'date -s 2000-01-01',
      'hostname other',
      'nsenter -t 1 -m true',
      'unshare -m true',
      'unshare -Urm mount -t tmpfs none /tmp',
      'echo 1 > /proc/sys/kernel/core_pattern',
      'echo b > /proc/sysrq-trigger',
      'prlimit --nproc=unlimited true',
      'renice -n -5 $$',
    ];
    const script = `touch /tmp/file; ${attempts.map((attempt) => `(${attempt}) >/dev/null 2>&1 && echo '${attempt}'`).join('; ')}; true`;
    expect(await shell(script)).toMatchObject({ ended: { kind: 'exited', code: 0 }, stdout: '' });
  });

  test('of root leave no process of root in the sandbox but the one that waits', async () => {
    const { stdout } = await shell('for id in /proc/[0-9]*; do stat -c %u "$id"; done | grep -c "^0$"');
    expect(stdout).toBe(asRoot ? '1\n' : '0\n');
  });
});
