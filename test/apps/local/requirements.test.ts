import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  atLeast,
  cacheFolder,
  cacheItems,
  checkRequirements,
  engineOnPath,
  missing,
  pins,
} from '../../../apps/local/requirements.mjs';
import { readConfig } from '../../../libs/config/config.js';

describe('what is needed of a machine', () => {
  let folder: string;
  let environment: NodeJS.ProcessEnv;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'heptad-test-'));
    environment = { PATH: folder, HEPTAD_CACHE: join(folder, 'cache') };
  });
  afterEach(() => rm(folder, { recursive: true }));

  const program = async (name: string, output: string): Promise<void> => {
    await writeFile(join(folder, name), `#!/bin/sh\n${output}\n`);
    await chmod(join(folder, name), 0o755);
  };
  const complete = async (item: string): Promise<void> => {
    await mkdir(item, { recursive: true });
    await writeFile(join(item, 'record.json'), '{}');
  };
  const names = async (purpose: 'command' | 'stack' | 'test'): Promise<string[]> =>
    (await checkRequirements({ purpose, environment, downloadFailed: true }))
      .filter(({ ok }) => !ok)
      .map(({ name }) => name);

  it('is all in one error on a machine that has nothing', async () => {
    const requirements = await checkRequirements({ purpose: 'test', environment, downloadFailed: true });
    const message = missing(requirements) ?? '';
    for (const name of ['npm', 'Go', 'Maven', 'Java', 'bubblewrap']) expect(message).toContain(`  ${name}: `);
    expect(message).not.toContain('  Node.js: ');
  });

  it('is less for the stack than for the tests, and less again for a command', async () => {
    expect(await names('stack')).toEqual(['npm', 'Go', 'bubblewrap']);
    expect(await names('command')).toEqual(['npm']);
  });

  it('leaves out the tools that would get what is in the cache', async () => {
    const items = cacheItems(cacheFolder(environment));
    for (const item of [items.engine, items.testServer, items.bubblewrap]) await complete(item);
    expect(await names('test')).toEqual(['npm']);
  });

  it('leaves out Go where the address of an engine is given', async () => {
    environment.HEPTAD_TEMPORAL_ADDRESS = 'engine:7233';
    expect(await names('stack')).toEqual(['npm', 'bubblewrap']);
  });

  it('takes a Go that is too old as missing where it may fetch no other, and says what it found', async () => {
    await program('go', 'echo go1.24.1; echo local');
    const found = await checkRequirements({ purpose: 'stack', environment, downloadFailed: true });
    expect(found).toContainEqual(expect.objectContaining({ name: 'Go', ok: false, found: '1.24.1' }));
    await program('go', 'echo go1.24.1; echo auto');
    expect(await names('stack')).not.toContain('Go');
  });

  it('takes a Java that is too old as missing', async () => {
    await program('java', `echo 'openjdk version "11.0.2"' >&2`);
    expect(await names('test')).toContain('Java');
    await program('java', `echo 'openjdk version "17.0.15"' >&2`);
    expect(await names('test')).not.toContain('Java');
  });

  it('uses a Temporal on the PATH that is new enough and no other', async () => {
    expect(await engineOnPath(environment)).toBeUndefined();
    await program('temporal', 'echo "temporal version 1.4.0 (Server 1.28.0, UI 2.39.0)"');
    expect(await engineOnPath(environment)).toMatchObject({ server: '1.28.0', usable: false });
    await program('temporal', `echo "temporal version 1.5.1 (Server ${pins.oldestServer}, UI 2.42.1)"`);
    expect(await engineOnPath(environment)).toMatchObject({ server: pins.oldestServer, usable: true });
    await program('temporal', 'echo "something else"');
    expect(await engineOnPath(environment)).toMatchObject({ server: 'unknown', usable: false });
  });

  it('has its versions from the files that pin them', () => {
    expect(Object.values(pins).every((version) => /^\d+(\.\d+)*$/.test(version))).toBe(true);
  });

  it('looks for the cache where the configuration has it', () => {
    const homes = [
      { HOME: '/home/a' },
      { HOME: '/home/a', XDG_CACHE_HOME: '/cache' },
      { HOME: '/home/a', HEPTAD_CACHE: '/own', XDG_CACHE_HOME: '/cache' },
    ];
    for (const home of homes) expect(cacheFolder(home)).toBe(readConfig(home).cache);
    expect(dirname(cacheItems('/cache').engine)).toBe('/cache');
  });

  it('compares versions by number', () => {
    expect(atLeast('1.29.10', '1.29.2')).toBe(true);
    expect(atLeast('1.29', '1.29.0')).toBe(true);
    expect(atLeast('1.28.9', '1.29.0')).toBe(false);
    expect(atLeast('1.26.4-rc1', '1.26.4')).toBe(true);
  });
});
