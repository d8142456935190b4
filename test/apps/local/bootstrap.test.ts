import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { isRunning } from '../../support/is-running.js';

const local = fileURLToPath(new URL('../../../apps/local', import.meta.url));

/** In place of the compiler: the built program is the source as it stands, unless that is wrong. */
const compiler = `
const { mkdirSync, readFileSync, writeFileSync } = require('node:fs');
const out = process.argv[process.argv.indexOf('--outDir') + 1];
const source = readFileSync('apps/cli/main.ts', 'utf8');
if (source.includes('wrong')) {
  console.log('main.ts(1,1): error: wrong');
  process.exit(2);
}
mkdirSync(out + '/apps/cli', { recursive: true });
writeFileSync(out + '/apps/cli/main.js', source);`;

/** In place of npm: notes that it was called, says its process id, waits while it is told to, and installs a compiler. */
const npm = (folder: string): string => `#!${process.execPath}
const { appendFileSync, existsSync, mkdirSync, writeFileSync } = require('node:fs');
if (process.argv[2] === '--version') {
  console.log('11.0.0');
  process.exit(0);
}
appendFileSync('${folder}/npm-calls', process.pid + ' ' + process.argv.slice(2).join(' ') + '\\n');
mkdirSync('node_modules/.bin', { recursive: true });
const finish = () => {
  if (existsSync('${folder}/hold')) return setTimeout(finish, 20);
  writeFileSync('node_modules/.package-lock.json', '{"packages":{}}');
  writeFileSync('node_modules/.bin/tsc', ${JSON.stringify(compiler)});
  console.log('npm says much');
};
finish();`;

describe('every npm script', { timeout: 60_000 }, () => {
  let folder: string;
  let checkout: string;
  const started: ChildProcess[] = [];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'heptad-test-'));
    checkout = join(folder, 'checkout');
    await mkdir(join(checkout, 'apps', 'cli'), { recursive: true });
    await cp(local, join(checkout, 'apps', 'local'), { recursive: true });
    await writeFile(join(checkout, 'package.json'), '{"name":"checkout"}');
    await writeFile(join(checkout, 'package-lock.json'), '{"packages":{"":{"name":"checkout"}}}');
    for (const file of ['tsconfig.json', 'tsconfig.build.json']) await writeFile(join(checkout, file), '{}');
    await source('console.log(JSON.stringify(process.argv.slice(2)))');
    await mkdir(join(folder, 'bin'));
    await writeFile(join(folder, 'bin', 'npm'), npm(folder));
    await chmod(join(folder, 'bin', 'npm'), 0o755);
  });
  afterEach(async () => {
    for (const child of started.splice(0)) child.kill('SIGKILL');
    await rm(folder, { recursive: true });
  });

  const source = (text: string): Promise<void> => writeFile(join(checkout, 'apps', 'cli', 'main.ts'), text);
  const start = (...args: string[]) => {
    const child = spawn(process.execPath, [join(checkout, 'apps', 'local', 'bootstrap.mjs'), ...args], {
      env: { PATH: join(folder, 'bin'), HOME: folder },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    started.push(child);
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (text) => {
      stdout += String(text);
    });
    child.stderr.on('data', (text) => {
      stderr += String(text);
    });
    const end = once(child, 'close').then(([code]) => ({ code: Number(code), stdout, stderr }));
    return { child, end, said: () => stderr };
  };
  const npmCalls = async (): Promise<string[]> =>
    (await readFile(join(folder, 'npm-calls'), 'utf8')).trim().split('\n');

  it('sets up what is missing and hands over to the program, which alone has standard output', async () => {
    const first = await start('runs', '--json').end;
    expect(first).toMatchObject({ code: 0, stdout: '["runs","--json"]\n' });
    expect(first.stderr).toMatch(/Installing dependencies.*done in[\s\S]*Building: done in/);
    expect(first.stderr).not.toContain('npm says much');
    expect(await npmCalls()).toEqual([expect.stringContaining('ci --ignore-scripts')]);
  });

  it('has nothing to do and to say the second time', async () => {
    await start('runs').end;
    expect(await start('runs').end).toEqual({ code: 0, stdout: '["runs"]\n', stderr: '' });
    expect(await npmCalls()).toHaveLength(1);
  });

  it('builds again, and installs nothing, where a source changed', async () => {
    await start('runs').end;
    await source('console.log("new")');
    const { stdout, stderr } = await start('runs').end;
    expect(stdout).toBe('new\n');
    expect(stderr).toMatch(/^Building/);
  });

  it('ends as the program ends', async () => {
    await source('process.exit(3)');
    expect(await start('runs').end).toMatchObject({ code: 3 });
  });

  it('keeps the last build, and says why, where the sources are wrong', async () => {
    await start('runs').end;
    const before = await readFile(join(checkout, 'dist', 'apps', 'cli', 'main.js'), 'utf8');
    await source('wrong');
    const { code, stdout, stderr } = await start('runs').end;
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('main.ts(1,1): error: wrong');
    expect(await readFile(join(checkout, 'dist', 'apps', 'cli', 'main.js'), 'utf8')).toBe(before);
  });

  it('says all that is missing before it begins', async () => {
    await rm(join(folder, 'bin', 'npm'));
    const { code, stderr } = await start('runs').end;
    expect(code).toBe(1);
    expect(stderr).toMatch(/lacks what Heptad needs:\n {2}npm: /);
    expect(await readdir(checkout)).not.toContain('node_modules');
  });

  it('waits for another one that sets up, and finds all done', async () => {
    await writeFile(join(folder, 'hold'), '');
    const one = start('runs');
    await vi.waitFor(() => expect(existsSync(join(folder, 'npm-calls'))).toBe(true), { timeout: 20_000 });
    const other = start('runs');
    await vi.waitFor(() => expect(other.said()).toContain('waiting for it'), { timeout: 20_000 });
    await rm(join(folder, 'hold'));
    expect(await one.end).toMatchObject({ code: 0, stdout: '["runs"]\n' });
    expect(await other.end).toMatchObject({ code: 0, stdout: '["runs"]\n' });
    expect(await npmCalls()).toHaveLength(1);
  });

  it('leaves nothing half-made and nothing running where it is killed, and the next one succeeds', async () => {
    await writeFile(join(folder, 'hold'), '');
    const killed = start('runs');
    await vi.waitFor(() => expect(existsSync(join(folder, 'npm-calls'))).toBe(true), { timeout: 20_000 });
    killed.child.kill('SIGKILL');
    await killed.end;
    const [pid] = (await npmCalls()).map((line) => Number(line.split(' ')[0]));
    await vi.waitFor(() => expect(isRunning(pid ?? 0)).toBe(false), { timeout: 10_000 });
    expect(await readdir(checkout)).not.toContain('node_modules');
    await rm(join(folder, 'hold'));
    expect(await start('runs').end).toMatchObject({ code: 0, stdout: '["runs"]\n' });
    expect(await readdir(join(checkout, '.heptad'))).toEqual([]);
  });

  it('passes signals on to the program and waits for its end', async () => {
    await source(
      'process.on("SIGTERM", () => { console.log("in order"); process.exit(0); }); console.log("up"); setInterval(() => {}, 1000);',
    );
    const running = start('up-like');
    await vi.waitFor(() => expect(running.child.stdout.readableFlowing).toBe(true));
    await once(running.child.stdout, 'data');
    running.child.kill('SIGTERM');
    expect(await running.end).toEqual(expect.objectContaining({ code: 0, stdout: 'up\nin order\n' }));
  });

  it('adopts dependencies that somebody else installed from the same lock file', async () => {
    await start('runs').end;
    await rm(join(checkout, 'node_modules', '.heptad.json'));
    expect(await start('runs').end).toMatchObject({ code: 0, stderr: '' });
    expect(await npmCalls()).toHaveLength(1);
  });

  it('installs again where the lock file names something else than what is there', async () => {
    await start('runs').end;
    const lock = {
      packages: { '': { name: 'checkout' }, 'node_modules/new': { version: '1.0.0', integrity: 'x' } },
    };
    await writeFile(join(checkout, 'package-lock.json'), JSON.stringify(lock));
    await start('runs').end;
    expect(await npmCalls()).toHaveLength(2);
  });

  it('ends the test command with a count where set-up fails', async () => {
    await rm(join(folder, 'bin', 'npm'));
    expect(await start('test').end).toMatchObject({ code: 1, stdout: '0 passed, 1 failed\n' });
  });
});
