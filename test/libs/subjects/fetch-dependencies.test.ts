import { existsSync, lstatSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { collectGarbage } from '../../../libs/artifacts/garbage/collect-garbage.js';
import { openStore } from '../../../libs/artifacts/open-store.js';
import { readSnapshot } from '../../../libs/artifacts/snapshot/read-snapshot.js';
import type { ArtifactRef } from '../../../libs/contracts/artifact.js';
import type { TestPlan } from '../../../libs/contracts/subject.js';
import { dependencyFolder } from '../../../libs/subjects/dependency-folder.js';
import { fetchDependencies, lockLifetime } from '../../../libs/subjects/fetch-dependencies.js';
import { temporaryFolder } from '../artifacts/temporary-folder.js';
import { serveRegistry, sha512, useRegistry } from './registry.js';

function prepared() {
  const base = temporaryFolder();
  const scratch = join(base, 'scratch');
  const store = openStore(join(base, 'store'));
  const fetch = (packageJson: unknown, tools: TestPlan['tools'] = {}, lock?: ArtifactRef) =>
    fetchDependencies({
      store,
      scratch,
      packageJson,
      plan: { command: 'x', tools },
      ...(lock === undefined ? {} : { lock }),
    });
  return { base, scratch, store, fetch };
}

const library = (name: string, version: string, more: Record<string, unknown> = {}) => ({
  name,
  version,
  files: { 'index.js': `module.exports = '${name} ${version}'\n`, 'bin/run.js': '#!/usr/bin/env node\n' },
  more: { license: 'MIT', ...more },
});

describe('dependencies', () => {
  it('are installed from a lock that names no address, and fetched once (needs the registry)', async () => {
    const { base, scratch, store, fetch } = prepared();
    const first = await fetch({ dependencies: {} }, { should: '3.3.2' });
    expect(first.packages).toEqual([{ name: 'should', version: '3.3.2', license: null }]);
    const lock = (await store.get(first.lock.digest)).toString();
    expect(lock).toContain('sha512-');
    expect(lock).not.toContain('http');
    const folder = await dependencyFolder(store, join(base, 'cache'), first.tree);
    expect(readFileSync(join(folder, 'should/package.json'), 'utf8')).toContain('"3.3.2"');
    expect(readdirSync(scratch)).toEqual([]);
  });

  it('are those of the subject and the tools, where the tools decide, with what they need', async () => {
    await serveRegistry([
      library('a', '1.0.0', { dependencies: { b: '^1.0.0' }, license: { type: 'ISC' } }),
      library('b', '1.0.0', { license: undefined, licenses: [{ type: 'MIT' }, { type: 'X11' }] }),
      library('b', '1.1.0', { license: undefined }),
      library('tool', '2.0.0', { bin: { tool: 'bin/run.js' } }),
      library('optional', '1.0.0', { os: ['nothing'] }),
      library('peer', '3.0.0'),
    ]);
    const { store, fetch } = prepared();
    const packageJson = {
      dependencies: { a: '*', b: '1.1.0' },
      optionalDependencies: { optional: '1.0.0' },
      peerDependencies: { peer: '>=2' },
      devDependencies: { nothing: '1.0.0' },
    };
    const { packages, tree } = await fetch(packageJson, { tool: '2', b: '1.0.0', renamed: 'npm:tool@2.0.0' });
    expect(packages).toEqual([
      { name: 'a', version: '1.0.0', license: 'ISC' },
      { name: 'b', version: '1.0.0', license: 'MIT OR X11' },
      { name: 'peer', version: '3.0.0', license: 'MIT' },
      { name: 'tool', version: '2.0.0', license: 'MIT' },
    ]);
    const { entries } = await readSnapshot(store, tree);
    const paths = entries.map(({ path }) => path);
    expect(paths).toContain('renamed/index.js');
    expect(paths).not.toContain('.package-lock.json');
    expect(entries.find(({ path }) => path === '.bin/tool')).toMatchObject({ kind: 'link' });
  });

  it('are the same again for the same request or lock, without asking anybody', async () => {
    const { requests } = await serveRegistry([library('a', '1.0.0')]);
    const { store, fetch } = prepared();
    const first = await fetch({ dependencies: { a: '^1.0.0' } });
    requests.clear();
    expect(await fetch({ dependencies: { a: '^1.0.0' }, name: 'else' })).toEqual(first);
    expect(await fetch({ dependencies: { a: '^1.0.0' } }, {}, first.lock)).toEqual(first);
    expect([...requests]).toEqual([]);
    expect(
      (await collectGarbage(store, [first.tree.digest, first.lock.digest], { deleteThem: false })).missing,
    ).toEqual([]);
  });

  it('are resolved anew when the lock is older than a week', async () => {
    await serveRegistry([library('a', '1.0.0')]);
    const { store, fetch } = prepared();
    const first = await fetch({ dependencies: { a: '^1.0.0' } });
    const [entry = ''] = await store.entries.list('locks/');
    const old = { lock: first.lock, resolvedAt: new Date(Date.now() - lockLifetime - 1000).toISOString() };
    await store.entries.put(entry, JSON.stringify(old));
    await serveRegistry([library('a', '1.0.0'), library('a', '1.2.0')]);
    expect((await fetch({ dependencies: { a: '^1.0.0' } })).packages).toMatchObject([{ version: '1.2.0' }]);
    expect((await fetch({ dependencies: { a: '^1.0.0' } }, {}, first.lock)).packages).toMatchObject([
      { version: '1.0.0' },
    ]);
  });

  it('are installed again where garbage collection took a part of the tree', async () => {
    await serveRegistry([library('a', '1.0.0')]);
    const { store, fetch } = prepared();
    const first = await fetch({ dependencies: { a: '1.0.0' } });
    const [file] = (await readSnapshot(store, first.tree)).entries;
    if (file?.kind !== 'file') throw new Error('expected a file');
    await store.remove(file.digest, new Date(Date.now() + 1000));
    expect(await fetch({ dependencies: { a: '1.0.0' } })).toEqual(first);
    expect(await store.has(file.digest)).toBe(true);
  });

  it('may be none', async () => {
    useRegistry('http://127.0.0.1:9');
    const { fetch } = prepared();
    expect(await fetch(undefined)).toMatchObject({ tree: { files: 0, bytes: 0 }, packages: [] });
  });

  it('run no script when they are installed', async () => {
    const witness = join(temporaryFolder(), 'witness');
    const scripts = Object.fromEntries(
      ['preinstall', 'install', 'postinstall', 'prepare'].map((name) => [name, `touch ${witness}`]),
    );
    await serveRegistry([library('a', '1.0.0', { scripts })]);
    const { fetch } = prepared();
    await fetch({ dependencies: { a: '1.0.0' }, scripts });
    expect(existsSync(witness)).toBe(false);
  });

  it('are refused where the subject takes them from elsewhere than a registry, all of them at once', async () => {
    const { scratch, fetch } = prepared();
    const dependencies = {
      file: 'file:../../etc',
      folder: '/root',
      git: 'git+https://example.com/a.git',
      hosted: 'someone/something',
      remote: 'https://example.com/a.tgz',
      alias: 'npm:x@file:/etc',
      '../name': '1.0.0',
      fine: '^1.0.0',
    };
    const failure = await fetch({ dependencies }).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'SubjectInvalid' });
    const { problems } = failure as { problems: { path: string }[] };
    expect(problems.map(({ path }) => path.split('/').slice(2).join('/')).sort()).toEqual(
      Object.keys(dependencies)
        .filter((name) => name !== 'fine')
        .sort(),
    );
    expect(existsSync(scratch)).toBe(false);
  });

  it('are refused where one of them takes its own from elsewhere', async () => {
    const secret = temporaryFolder();
    writeFileSync(join(secret, 'package.json'), '{"name":"x","version":"1.0.0"}');
    for (const spec of [`file:${secret}`, 'git+file:///nowhere/a.git', 'http://127.0.0.1:9/a.tgz']) {
      await serveRegistry([library('a', '1.0.0', { dependencies: { x: spec } })]);
      const { store, scratch, fetch } = prepared();
      await expect(fetch({ dependencies: { a: '1.0.0' } })).rejects.toMatchObject({ code: 'SubjectInvalid' });
      expect(await store.entries.list('')).toEqual([]);
      expect(readdirSync(scratch)).toEqual([]);
    }
  });

  it('are refused where the bytes are not those of the lock', async () => {
    await serveRegistry([library('a', '1.0.0')]);
    const { store, fetch } = prepared();
    const { lock } = await fetch({ dependencies: { a: '1.0.0' } });
    const schema = z.looseObject({ packages: z.record(z.string(), z.looseObject({})) });
    const value = await store.getJson(lock.digest, schema);
    const forge = (more: object) => {
      const forged = { ...value.packages['node_modules/a'], ...more };
      return store.putJson({ ...value, packages: { ...value.packages, 'node_modules/a': forged } });
    };
    const other = await forge({ integrity: sha512(Buffer.from('other')) });
    await expect(fetch({ dependencies: { a: '1.0.0' } }, {}, other)).rejects.toMatchObject({
      code: 'IntegrityMismatch',
    });
    for (const more of [
      { integrity: 'sha1-abc' },
      { resolved: 'https://example.com/a.tgz' },
      { link: true },
    ]) {
      const bad = await forge(more);
      await expect(fetch({ dependencies: { a: '1.0.0' } }, {}, bad)).rejects.toMatchObject({
        code: 'SubjectInvalid',
        message: expect.stringContaining('The lock cannot be used'),
      });
    }
    await expect(
      fetch({ dependencies: { a: '2.0.0' } }, {}, await forge({ dev: false })),
    ).rejects.toMatchObject({
      code: 'SubjectInvalid',
      message: expect.stringContaining('does not fit'),
    });
  });

  it('that do not exist are unknown', async () => {
    await serveRegistry([library('a', '1.0.0')]);
    const { fetch } = prepared();
    await expect(fetch({}, { nothing: '1.0.0' })).rejects.toMatchObject({ code: 'PackageUnknown' });
  });

  it('can be tried again later where the registry cannot be reached', async () => {
    useRegistry('http://127.0.0.1:9');
    const { scratch, fetch } = prepared();
    await expect(fetch({ dependencies: { a: '1.0.0' } })).rejects.toMatchObject({
      code: 'DependencyUnreachable',
    });
    expect(readdirSync(scratch)).toEqual([]);
  });
});

describe('a folder of dependencies', () => {
  it('is written once, also for many at once, and used again', async () => {
    await serveRegistry([library('a', '1.0.0', { bin: 'bin/run.js' })]);
    const { base, store, fetch } = prepared();
    const { tree } = await fetch({ dependencies: { a: '1.0.0' } });
    const cache = join(base, 'cache');
    const folders = await Promise.all(Array.from({ length: 5 }, () => dependencyFolder(store, cache, tree)));
    expect(new Set(folders)).toEqual(new Set([join(cache, 'trees', tree.digest.slice(7))]));
    expect(readdirSync(join(cache, 'trees'))).toEqual([tree.digest.slice(7)]);
    const { ino } = lstatSync(folders[0] ?? '');
    expect(lstatSync(await dependencyFolder(store, cache, tree)).ino).toBe(ino);
    expect(readFileSync(join(folders[0] ?? '', '.bin/a'), 'utf8')).toContain('node');
  });

  it('leaves nothing where the tree is not in the store', async () => {
    const { base, store } = prepared();
    const cache = join(base, 'cache');
    const tree = { digest: `sha256:${'0'.repeat(64)}`, files: 0, bytes: 0 } as const;
    await expect(dependencyFolder(store, cache, tree)).rejects.toMatchObject({ code: 'ArtifactUnknown' });
    expect(readdirSync(join(cache, 'trees'))).toEqual([]);
  });
});
