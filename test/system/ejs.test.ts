import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packageManifestSchema } from '../../libs/contracts/phase.js';
import type { RunView } from '../../libs/contracts/run.js';
import { filesAfterManifest, layout } from '../../libs/packaging/layout.js';
import { leftovers, nothingLeft } from '../support/leftovers.js';
import { LiveStack, shipped } from '../support/live-stack.js';
import { readInPackage, type SealedRun, sealedRun } from '../support/sealed-run.js';
import { notAsked, unproven, verifyPackage } from '../support/verify-package.js';

const run = promisify(execFile);

let stack: LiveStack;
beforeAll(async () => {
  stack = await LiveStack.start();
});
afterAll(() => stack.remove());

describe('a review of ejs@1.0.0', () => {
  let view: RunView;
  let sealed: SealedRun;
  let folder: string;
  beforeAll(async () => {
    const begun = Date.now();
    const id = await stack.review(
      'npm:ejs@1.0.0',
      {
        command: 'mocha --require should --reporter dot test/ejs.js',
        tools: { mocha: '10.8.2', should: '3.3.2' },
      },
      shipped,
    );
    view = await stack.untilSealed(id, 240_000);
    console.log(
      `ejs@1.0.0: ${view.state}, decision ${view.decision}, sealed after ${((Date.now() - begun) / 1000).toFixed(1)} s`,
    );
    sealed = await sealedRun(stack, id);
    folder = sealed.seal.folder;
  });

  test('completes with a package, and leaves nothing else', async () => {
    expect(['completed', 'completed-conditionally']).toContain(view.state);
    expect(['PROCEED', 'CONDITIONAL_PROCEED']).toContain(view.decision);
    expect(view.package).toBe(folder);
    expect(await leftovers(stack)).toEqual(nothingLeft);
  });

  test('has a manifest with the SHA-256 of every file', async () => {
    const manifest = packageManifestSchema.parse(await readInPackage(sealed.seal, layout.manifest.json));
    for (const { path, size, sha256 } of manifest.files) {
      const bytes = await readFile(join(folder, path));
      expect([path, bytes.length, createHash('sha256').update(bytes).digest('hex')]).toEqual([
        path,
        size,
        sha256,
      ]);
    }
    const there = (await readdir(folder, { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
      .filter((path) => !/^(histories|seal)\//.test(path) && !filesAfterManifest.includes(path));
    expect(there.toSorted()).toEqual(manifest.files.map(({ path }) => path));
  });

  test('has a patch that applies to the package as it is fetched, whose own tests then pass', async () => {
    const place = join(stack.root, 'applied');
    await mkdir(place);
    await run('npm', ['pack', 'ejs@1.0.0', '--ignore-scripts'], { cwd: place });
    await run('tar', ['xzf', 'ejs-1.0.0.tgz'], { cwd: place });
    const subject = join(place, 'package');
    const patch = join(folder, layout.artifacts.patch);
    expect((await readFile(patch, 'utf8')).length).toBeGreaterThan(0);
    await run('git', ['apply', patch], {
      cwd: subject,
      env: { ...process.env, GIT_CEILING_DIRECTORIES: place },
    });

    const lockFile = join(folder, layout.artifacts.lock);
    const lock = JSON.parse(await readFile(lockFile, 'utf8'));
    await writeFile(join(place, 'package.json'), JSON.stringify(lock.packages['']));
    await cp(lockFile, join(place, 'package-lock.json'));
    await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: place });
    const mocha = join(place, 'node_modules/mocha/bin/mocha.js');
    const tested = await run(
      process.execPath,
      [mocha, '--require', 'should', '--reporter', 'dot', 'test/ejs.js'],
      {
        cwd: subject,
      },
    );
    expect(tested.stdout).toContain('35 passing');
  });

  test('is sealed with histories that end with their closing event, and proven: they replay, too', async () => {
    expect(sealed.seal.histories.map(({ type, closed }) => [type, closed])).toEqual(
      ['run', 'ingest', 'assign', 'execute', 'coordinate', 'verify', 'deliver', 'conclude'].map((type) => [
        type,
        'COMPLETED',
      ]),
    );
    const names = await readdir(join(folder, layout.histories));
    expect(names).toHaveLength(sealed.seal.histories.length);
    const { code, report } = await verifyPackage(stack.config.configFolder, folder);
    expect(unproven(report)).toEqual(notAsked);
    expect([code, report.proven]).toEqual([0, true]);
  });
});
