import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { findBubblewrap } from '../../../libs/sandbox/find-bubblewrap.js';
import { temporaryFolder } from './sandbox-fixture.js';

async function program(path: string, mode = 0o755): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, '#!/bin/sh\n');
  await chmod(path, mode);
  return path;
}

test('bubblewrap on the PATH comes before the cache', async () => {
  const folder = await temporaryFolder();
  await program(join(folder, 'bubblewrap/0.8.0/usr/bin/bwrap'));
  const onPath = await program(join(folder, 'bin/bwrap'));
  expect(await findBubblewrap(`${folder}/none:${folder}/bin`, folder)).toBe(onPath);
});

test('the newest version in the cache is taken', async () => {
  const folder = await temporaryFolder();
  await program(join(folder, 'bubblewrap/0.9.0/usr/bin/bwrap'));
  const newest = await program(join(folder, 'bubblewrap/0.11.0/usr/bin/bwrap'));
  expect(await findBubblewrap('', folder)).toBe(newest);
});

test('a file that cannot be executed is not bubblewrap', async () => {
  const folder = await temporaryFolder();
  await program(join(folder, 'bubblewrap/0.9.0/usr/bin/bwrap'), 0o644);
  expect(await findBubblewrap('', folder)).toBeUndefined();
});

test('a relative folder on the PATH is not searched', async () => {
  const folder = await temporaryFolder();
  await program(join(folder, 'bwrap'));
  const relative = join('..', '..', '..', '..', '..', '..', '..', '..', folder);
  expect(await findBubblewrap(relative, folder)).toBeUndefined();
});
