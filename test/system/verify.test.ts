import { cp, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { programPlaces } from '../../libs/config/program-places.js';
import { findBubblewrap } from '../../libs/sandbox/find-bubblewrap.js';
import { runInSandbox } from '../../libs/sandbox/run-in-sandbox.js';
import type { Mount } from '../../libs/sandbox/sandbox.js';
import { heptad } from '../support/heptad.js';
import { LiveStack, sound } from '../support/live-stack.js';
import { notAsked, unproven, type Verified, verifiedBy, verifyPackage } from '../support/verify-package.js';

let stack: LiveStack;
/** The run, its package and its subject. */
let run: string;
let folder: string;
let subject: string;
/** What `heptad keys export` prints where the service is. */
let exported: string;
/** The configuration folder of somebody who has never heard of the service. */
let elsewhere: string;
beforeAll(async () => {
  stack = await LiveStack.start();
  run = await stack.review(await stack.subject('verified', sound));
  const view = await stack.untilSealed(run);
  if (!view.package || !view.subject) throw new Error('The run delivered nothing.');
  folder = view.package;
  subject = view.subject;
  elsewhere = join(stack.root, 'elsewhere');
  await mkdir(elsewhere);
  exported = join(stack.root, 'exported.json');
  const keys = await heptad(['keys', 'export'], {
    env: { HEPTAD_DATA: stack.config.data, HEPTAD_CONFIG: elsewhere },
  });
  expect(keys).toMatchObject({ code: 0, err: '' });
  await writeFile(exported, keys.out);
});
afterAll(() => stack?.remove());

describe('heptad verify, on the package of a run', () => {
  test('proves all of it to the person who started the stack', async () => {
    const { code, report } = await verifyPackage(stack.config.configFolder, folder);
    expect(unproven(report)).toEqual(notAsked);
    expect([code, report.proven, report.sealed, report.origin]).toEqual([0, true, true, 'trusted']);
    expect(report).toMatchObject({ run, decision: 'PROCEED', waivers: [] });
    expect(report.keys.map(({ identity }) => identity).toSorted()).toEqual([
      ...['agents', 'producer', 'release', 'verifier.a', 'verifier.b', 'verifier.c'],
    ]);
    expect(report.keys.every(({ pinned }) => pinned)).toBe(true);
  });

  test('proves that it is of the run and subject that are meant', async () => {
    const expected = ['--expect-run', run, '--expect-subject', subject];
    const { code, report } = await verifyPackage(stack.config.configFolder, folder, ...expected);
    expect([code, unproven(report)]).toEqual([0, {}]);
  });

  test('fails where another run or subject is meant', async () => {
    const expected = ['--expect-run', 'of-somebody-else', '--expect-subject', 'npm:ejs@1.0.0'];
    const { code, report } = await verifyPackage(stack.config.configFolder, folder, ...expected);
    expect([code, unproven(report)]).toEqual([1, { 'expected-run': 'failed', 'expected-subject': 'failed' }]);
  });

  test('says that the origin is unknown to who has pinned nothing', async () => {
    const { code, report } = await verifyPackage(elsewhere, folder);
    expect(unproven(report)).toEqual({ origin: 'not-checkable', replay: 'not-checkable', ...notAsked });
    expect([code, report.proven, report.origin]).toEqual([1, false, 'unknown']);
    expect(report.says).toContain('origin is unknown');
  });

  test('is content with integrity where that is asked for', async () => {
    const { code, report } = await verifyPackage(elsewhere, folder, '--allow-unknown-key');
    expect([code, report.proven, report.origin]).toEqual([0, true, 'unknown']);
  });

  test('proves it by the keys that the service exports', async () => {
    const { code, report } = await verifyPackage(elsewhere, folder, '--key', exported);
    expect([code, unproven(report)]).toEqual([0, notAsked]);
  });

  test('finds a flipped byte', async () => {
    const copy = join(stack.root, 'flipped');
    await cp(folder, copy, { recursive: true });
    const file = join(copy, 'artifacts', 'changes.patch');
    const bytes = await readFile(file);
    bytes.writeUInt8(bytes.readUInt8(bytes.length >> 1) ^ 1, bytes.length >> 1);
    await writeFile(file, bytes);
    const { code, report } = await verifyPackage(stack.config.configFolder, copy);
    expect([code, report.proven]).toEqual([1, false]);
    expect(unproven(report)).toMatchObject({ digests: 'failed' });
  });
});

/** Lists the program, and what is in the home and temporary folder, of which nothing should be there. */
const lists = `
  const list = (folder) => fs.readdirSync(folder);
  const found = [...list('/heptad'), ...list('/heptad/dist').map((name) => 'dist/' + name), ...list('/tmp')];
  console.log(JSON.stringify(found));
`;

describe('heptad verify where there is nothing but the program and the package', () => {
  let verified: Verified;
  let seen: string[];
  /** What of the built program is there: all but workflow code. */
  let parts: string[];
  beforeAll(async () => {
    const { root } = programPlaces();
    parts = (await readdir(join(root, 'dist'))).filter((name) => !name.startsWith('workflow'));
    const mount = (source: string, target: string): Mount => ({ source, target, writable: false });
    const mounts = [
      mount(process.execPath, '/heptad/bin/node'),
      ...parts.map((part) => mount(join(root, 'dist', part), `/heptad/dist/${part}`)),
      mount(join(root, 'node_modules'), '/heptad/node_modules'),
      mount(join(root, 'package.json'), '/heptad/package.json'),
      mount(folder, '/package'),
      mount(exported, '/keys.json'),
    ];
    const bubblewrap = await findBubblewrap(stack.config.path, stack.config.cache);
    const inside = async (...command: string[]): Promise<string> => {
      const { ended, stdout, stderr } = await runInSandbox(
        { bubblewrap },
        {
          command: ['/heptad/bin/node', ...command],
          ...{ cwd: '/tmp', env: { HOME: '/tmp' }, mounts },
          profile: {
            ...{ memoryBytes: 2 * 1024 ** 3, processes: 200, wallMs: 120_000, network: 'none' },
            ...{ diskBytes: 64 << 20, outputBytes: 4 << 20, fileBytes: 64 << 20 },
          },
        },
      );
      expect([ended, stderr.toString()]).toEqual([{ kind: 'exited', code: 0 }, '']);
      return stdout.toString();
    };
    seen = JSON.parse(await inside('-e', lists));
    const out = await inside(
      '/heptad/dist/apps/cli/main.js',
      ...['verify', '/package', '--json', '--key', '/keys.json', '--expect-run', run],
    );
    verified = verifiedBy({ code: 0, out, err: '' });
  });

  test('sees no sources and no configuration', () => {
    expect(seen.toSorted()).toEqual(
      [...['bin', 'dist', 'node_modules', 'package.json'], ...parts.map((part) => `dist/${part}`)].toSorted(),
    );
    expect(parts).toEqual(expect.arrayContaining(['apps', 'libs']));
  });

  test('proves all of it, and that the histories replay with the code in the package', () => {
    expect(unproven(verified.report)).toEqual({ 'expected-subject': 'not-checkable' });
    const replay = verified.report.checks.find(({ check }) => check === 'replay');
    expect(replay).toMatchObject({ state: 'proven', says: expect.stringMatching(/^8 histories replay/) });
    expect(verified.report.proven).toBe(true);
  });
});

test('no private key is anywhere but in its own file, which its owner alone can read', async () => {
  const { data } = stack.config;
  const keys = join(data, 'keys');
  const names = await readdir(keys);
  expect(names.toSorted()).toEqual(
    ['agents', 'producer', 'release', 'verifier.a', 'verifier.b', 'verifier.c'].map((name) => `${name}.pem`),
  );
  const bodies: Buffer[] = [];
  for (const name of names) {
    expect((await stat(join(keys, name))).mode & 0o777).toBe(0o600);
    const [, body = ''] = (await readFile(join(keys, name), 'utf8')).split('\n');
    // The last half is the key itself; before it stands what every such key begins with.
    bodies.push(Buffer.from(body.slice(-32)), Buffer.from(body, 'base64').subarray(-32));
  }
  const all = await readdir(stack.root, { recursive: true, withFileTypes: true });
  const files = all.filter((entry) => entry.isFile() && entry.parentPath !== keys);
  expect(files.length).toBeGreaterThan(100);
  const holders: string[] = [];
  for (const { parentPath, name } of files) {
    const bytes = await readFile(join(parentPath, name));
    if (bodies.some((body) => bytes.includes(body))) holders.push(join(parentPath, name));
  }
  expect(holders).toEqual([]);
});
