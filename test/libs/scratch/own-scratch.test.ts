import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ownScratch } from '../../../libs/scratch/own-scratch.js';

let scratch: string;
beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'heptad-scratch-'));
});
afterEach(() => rm(scratch, { recursive: true }));

test('a process gets an empty folder of its own', async () => {
  const own = await ownScratch(scratch, 'agents');
  await mkdir(join(own, 'left'));
  expect(await ownScratch(scratch, 'agents')).toBe(own);
  expect(await readdir(own)).toEqual([]);
});

test('what a killed process left behind is removed, and what a living one uses is not', async () => {
  const gone = spawnSync(process.execPath, ['-e', '0']).pid;
  const host = join(scratch, hostname());
  await mkdir(join(host, `agents-${gone}`, 'run-x-agent-1'), { recursive: true });
  await mkdir(join(host, `verify-${process.ppid}`), { recursive: true });
  await ownScratch(scratch, 'control');
  expect((await readdir(host)).sort()).toEqual([`control-${process.pid}`, `verify-${process.ppid}`]);
});
