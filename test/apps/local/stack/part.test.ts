import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { untilAnswered } from '../../../../apps/local/stack/answers.js';
import { Part } from '../../../../apps/local/stack/part.js';
import { freePort, isFree } from '../../../support/free-port.js';
import { isRunning } from '../../../support/is-running.js';

/** A program that says where it and a child of its are, and ends in order when it is asked to. */
const program = `
  const { spawn } = require('node:child_process');
  const { writeFileSync, renameSync } = require('node:fs');
  const [folder] = process.argv.slice(1);
  const child = spawn('sleep', ['600'], { stdio: 'ignore' });
  process.on('SIGTERM', () => {
    writeFileSync(folder + '/in-order', '');
    child.kill();
    process.exit(0);
  });
  console.log('up');
  writeFileSync(folder + '/new', JSON.stringify([process.pid, child.pid]));
  renameSync(folder + '/new', folder + '/pids');
  setInterval(() => {}, 1000);`;

/** Resolves once processes are gone; a killed one takes a moment. */
const gone = (processes: readonly number[]): Promise<void> =>
  vi.waitFor(() => expect(processes.filter(isRunning)).toEqual([]), { timeout: 10_000 });

describe('a part of the stack', () => {
  let folder: string;
  let said: string[];
  let part: Part;

  const pids = async (): Promise<number[]> => JSON.parse(await readFile(join(folder, 'pids'), 'utf8'));
  const partOf = (args: readonly string[], startTimeout = 20_000): Part =>
    new Part({
      name: 'worker',
      command: process.execPath,
      args,
      env: process.env,
      log: join(folder, 'log'),
      answers: (_, signal) => untilAnswered(async () => existsSync(join(folder, 'pids')), signal),
      say: (line) => said.push(line),
      startTimeout,
    });

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'heptad-test-'));
    said = [];
    part = partOf(['-e', program, folder]);
  });
  afterEach(async () => {
    await part.kill();
    await rm(folder, { recursive: true });
  });

  it('is up once it answers, and writes what it prints to its log', async () => {
    await part.start();
    expect((await pids()).every(isRunning)).toBe(true);
    expect(await readFile(join(folder, 'log'), 'utf8')).toBe('up\n');
  });

  it('ends in order when it is stopped, and stays down', async () => {
    await part.start();
    const processes = await pids();
    await part.stop();
    expect(existsSync(join(folder, 'in-order'))).toBe(true);
    await gone(processes);
    expect(said).toEqual([]);
  });

  it('is gone at once with its children when it is killed, and comes back when it is started', async () => {
    await part.start();
    const processes = await pids();
    await part.kill();
    await gone(processes);
    expect(existsSync(join(folder, 'in-order'))).toBe(false);
    await rm(join(folder, 'pids'));
    await part.start();
    expect((await pids()).every(isRunning)).toBe(true);
    expect(said).toEqual([]);
  });

  it('holds nothing any more once it is killed, and can be started at the same port at once', async () => {
    const port = await freePort();
    // Giving back much memory takes a while: the processes that started this one are gone long before it is.
    const listener = `
      const { createServer } = require('node:net');
      const { writeFileSync } = require('node:fs');
      globalThis.memory = Array.from({ length: 16 }, () => Buffer.alloc(32 * 2 ** 20, 1));
      createServer().listen(${port}, '127.0.0.1', () => writeFileSync(process.argv[1] + '/pids', '[]'));`;
    part = partOf(['-e', listener, folder]);
    for (let times = 0; times < 3; times += 1) {
      await part.start();
      await part.kill();
      await expect(isFree(port)).resolves.toBe(true);
      await rm(join(folder, 'pids'));
    }
  });

  it('is started again where it dies by itself, which is said', async () => {
    await part.start();
    const before = await pids();
    await rm(join(folder, 'pids'));
    process.kill(before[0] ?? Number.NaN, 'SIGKILL');
    await vi.waitFor(() => expect(said).toContain('worker answers again.'), { timeout: 20_000 });
    const after = await pids();
    expect(after[0]).not.toBe(before[0]);
    expect(after.every(isRunning)).toBe(true);
    // What the dead one had started went with it.
    await gone(before);
  });

  it('says why where it ends while it is started, with the end of its log', async () => {
    part = partOf(['-e', 'console.error("no such queue"); process.exit(3)']);
    await expect(part.start()).rejects.toMatchObject({
      code: 'DependencyUnreachable',
      message: expect.stringMatching(/worker ended.*code 3[\s\S]*no such queue/),
    });
  });

  it('is not left running where it does not answer in time', async () => {
    const file = join(folder, 'pid');
    part = partOf(
      [
        '-e',
        `require('node:fs').writeFileSync(${JSON.stringify(file)}, String(process.pid)); setInterval(() => {}, 1000);`,
      ],
      1_000,
    );
    await expect(part.start()).rejects.toMatchObject({ message: expect.stringContaining('does not answer') });
    await gone([Number(await readFile(file, 'utf8'))]);
  });

  it('ends with its children when the process that started it is killed', async () => {
    const supervisor = join(folder, 'supervisor.mjs');
    const guard = fileURLToPath(new URL('../../../../apps/local/stack/guard.sh', import.meta.url));
    await writeFile(
      supervisor,
      `import { spawn } from 'node:child_process';
       const [guard, program, folder] = process.argv.slice(2);
       spawn('/bin/sh', [guard, process.execPath, '-e', program, folder], {
         detached: true, stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });`,
    );
    const child: ChildProcess = spawn(process.execPath, [supervisor, guard, program, folder], {
      stdio: 'inherit',
    });
    await vi.waitFor(() => expect(existsSync(join(folder, 'pids'))).toBe(true), { timeout: 20_000 });
    const processes = await pids();
    expect(processes.every(isRunning)).toBe(true);
    child.kill('SIGKILL');
    await once(child, 'exit');
    await gone(processes);
  });
});
