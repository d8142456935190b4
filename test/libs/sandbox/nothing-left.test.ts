import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { chmod, copyFile, mkdir, open, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { SandboxHost } from '../../../libs/sandbox/sandbox.js';
import { until } from '../../../libs/sandbox/until.js';
import {
  asRoot,
  bubblewrap,
  controlGroupsOf,
  mountsOfHost,
  processesMarked,
  profile,
  run,
  shell,
  temporaryFolder,
} from './sandbox-fixture.js';

/** A program of its own that runs one sandboxed command, given as JSON, and prints the outcome. */
async function hostProgram(folder: string): Promise<string> {
  const outfile = join(folder, 'host.cjs');
  await build({
    stdin: {
      contents: `
        import { runInSandbox } from './libs/sandbox/run-in-sandbox.js';
        const { host, command } = JSON.parse(process.argv[2]);
        runInSandbox(host, command).then(
          ({ stdout, stderr, ...outcome }) => console.log(JSON.stringify({ ...outcome, stdout: stdout.toString(), stderr: stderr.toString() })),
          ({ code, message }) => console.log(JSON.stringify({ code, message })),
        );`,
      resolveDir: process.cwd(),
      loader: 'ts',
    },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    outfile,
  });
  return outfile;
}

const input = (command: readonly string[], work: string, host: SandboxHost = { bubblewrap }, mark = 'none') =>
  JSON.stringify({
    host,
    command: {
      command,
      cwd: '/work',
      env: { PATH: '/usr/bin:/bin', MARK: mark },
      mounts: [{ source: work, target: '/work', writable: true }],
      profile,
    },
  });

async function outputOf(child: ChildProcess): Promise<string> {
  let text = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  await once(child, 'close');
  return text;
}

/** Says that it runs by a file, and would go on for long, as would a child that has left its session. */
const lasting = ['/bin/sh', '-c', 'trap "" TERM; (setsid sleep 1000 &); touch started; sleep 1000; :'];

const startedIn = (folder: string): Promise<void> =>
  until(async () => (await readdir(folder)).includes('started'), 'sandboxed program did not start');

describe.each([
  {
    what: 'that leaves daemons',
    script: '(setsid sh -c "trap \\"\\" TERM HUP; sleep 1000 & sleep 1000" &)',
    wallMs: 20_000,
  },
  { what: 'that is ended', script: '(setsid sleep 1000 &); sleep 1000', wallMs: 1500 },
])('after a program $what', ({ script, wallMs }) => {
  test('no process, mount, control group or temporary folder is left', async () => {
    const temporary = await temporaryFolder();
    vi.stubEnv('TMPDIR', temporary);
    onTestFinished(() => void vi.unstubAllEnvs());
    const mounts = await mountsOfHost();
    const mark = randomUUID();
    await shell(script, { profile: { wallMs }, env: { PATH: '/usr/bin:/bin', MARK: mark } });
    expect(await processesMarked(mark)).toEqual([]);
    expect(await controlGroupsOf(process.pid)).toEqual([]);
    expect(await mountsOfHost()).toBe(mounts);
    expect(await readdir(temporary)).toEqual([]);
    expect(await readFile(`/proc/self/task/${process.pid}/children`, 'utf8')).not.toContain('bwrap');
  });
});

describe('cancelling', () => {
  test('before the start runs nothing', async () => {
    const folder = await temporaryFolder();
    const mounts = [{ source: folder, target: '/work', writable: true }];
    const { ended } = await shell('touch /work/ran; sleep 1000', { mounts, signal: AbortSignal.abort() });
    expect(ended).toEqual({ kind: 'cancelled' });
    expect(await readdir(folder)).toEqual([]);
  });

  test('while it runs ends every process', async () => {
    const folder = await temporaryFolder();
    const cancel = new AbortController();
    const mark = randomUUID();
    const running = run(lasting, {
      signal: cancel.signal,
      cwd: '/work',
      env: { PATH: '/usr/bin:/bin', MARK: mark },
      mounts: [{ source: folder, target: '/work', writable: true }],
    });
    await startedIn(folder);
    expect(await processesMarked(mark)).not.toEqual([]);
    cancel.abort();
    expect((await running).ended).toEqual({ kind: 'cancelled' });
    expect(await processesMarked(mark)).toEqual([]);
    expect(await controlGroupsOf(process.pid)).toEqual([]);
  });
});

describe.each([
  // without a control group, which another process of ours would find and empty
  { held: 'by the watchdog', limits: 'watchdog' as const },
  { held: 'by what the machine offers first', limits: undefined },
])('when the process that runs sandboxes, held $held, is killed', ({ limits }) => {
  test('its sandboxes die, and the next one removes their control groups', async () => {
    const folder = await temporaryFolder();
    const work = join(folder, 'work');
    await mkdir(work);
    const program = await hostProgram(folder);
    const mark = randomUUID();
    const first = spawn(process.execPath, [program, input(lasting, work, { bubblewrap, limits }, mark)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(() => void first.kill('SIGKILL'));
    await startedIn(work);
    expect(await processesMarked(mark)).not.toEqual([]);
    first.kill('SIGKILL');
    await until(async () => (await processesMarked(mark)).length === 0, 'sandbox outlived its host');

    const other = join(folder, 'other');
    await mkdir(other);
    const second = spawn(process.execPath, [program, input(['true'], other)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    expect(JSON.parse(await outputOf(second))).toMatchObject({ ended: { kind: 'exited', code: 0 } });
    expect(await controlGroupsOf(first.pid ?? 0)).toEqual([]);
    expect(await controlGroupsOf(second.pid ?? 0)).toEqual([]);
  });
});

test('what the process has open by inheritance does not reach the program', async () => {
  const folder = await temporaryFolder();
  const work = join(folder, 'work');
  await mkdir(work);
  await writeFile(join(folder, 'secret'), 'secret');
  const secret = await open(join(folder, 'secret'));
  const program = await hostProgram(folder);
  const stdio: ('ignore' | 'pipe' | 'inherit' | number)[] = ['ignore', 'pipe', 'inherit'];
  for (const descriptor of [20, 40]) stdio[descriptor] = secret.fd;
  const command = ['/bin/sh', '-c', 'ls -l /proc/self/fd; cat /proc/self/fd/20 /proc/self/fd/40'];
  const child = spawn(process.execPath, [program, input(command, work)], {
    stdio: Array.from(stdio, (entry) => entry ?? 'ignore'),
  });
  const { stdout, ended } = JSON.parse(await outputOf(child));
  await secret.close();
  expect(ended.kind).toBe('exited');
  expect(stdout).not.toContain('secret');
});

test('an ordinary user has the same sandbox in a user namespace, or is told what is missing', async () => {
  const folder = await temporaryFolder();
  const work = join(folder, 'work');
  await mkdir(work);
  await chmod(folder, 0o755);
  await chmod(work, 0o777);
  const program = await hostProgram(folder);
  // an ordinary user may not be able to read where Node and bubblewrap are
  const [node, wrap] = [join(folder, 'node'), join(folder, 'bwrap')];
  await Promise.all([copyFile(process.execPath, node), copyFile(bubblewrap ?? '', wrap)]);
  const own = join(work, 'own');
  const script = `require("fs").mkdirSync(process.argv[1]); require(process.argv[2])`;
  const command = [
    '/bin/sh',
    '-c',
    'id -u; grep -E "^(CapEff|CapBnd|NoNewPrivs|Seccomp):" /proc/self/status; ls -d /root /home; for path in / /dev/ /etc/; do touch $path/new && echo $path; done; echo x > file',
  ];
  const user = asRoot ? { uid: 65_534, gid: 65_534 } : {};
  const runner = join(folder, 'runner.cjs');
  await writeFile(
    runner,
    `${script.replaceAll('process.argv[1]', JSON.stringify(own)).replace('process.argv[2]', JSON.stringify(program))}`,
  );
  const child = spawn(node, [runner, input(command, own, { bubblewrap: wrap })], {
    ...user,
    cwd: folder,
    env: {},
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const outcome = JSON.parse(await outputOf(child));
  if (outcome.code !== undefined) {
    expect(outcome).toMatchObject({
      code: 'SandboxUnavailable',
      message: expect.stringContaining('user namespaces'),
    });
    return;
  }
  expect(outcome.inForce.user).toBe('user namespace');
  expect(outcome.stdout.replaceAll(/[ \t]+/g, ' ')).toBe(
    '1000\nCapEff: 0000000000000000\nCapBnd: 0000000000000000\nNoNewPrivs: 1\nSeccomp: 2\n',
  );
  expect(await readdir(own)).toEqual(['file']);
});
