import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { probeSandbox } from '../../../libs/sandbox/probe-sandbox.js';
import { asRoot, host, temporaryFolder } from './sandbox-fixture.js';

async function bubblewrapThat(script: string): Promise<string> {
  const path = join(await temporaryFolder(), 'bwrap');
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
  return path;
}

test('the probe says what was in force', async () => {
  const inForce = await probeSandbox(host);
  expect(inForce.isolation).toMatch(/^bubblewrap \d+\.\d+\.\d+$/);
  expect(inForce.user).toMatch(asRoot ? /^dedicated uid \d{4,}$/ : /^user namespace$/);
  expect(inForce).toMatchObject({ kind: 'process', disk: 'watchdog + file size limit', network: 'none' });
});

test('a host told to use the watchdog says so', async () => {
  const inForce = await probeSandbox({ ...host, limits: 'watchdog' });
  expect(inForce).toMatchObject({ memory: 'watchdog', processes: 'rlimit' });
});

test('without bubblewrap no sandbox is available, and the error names it', async () => {
  await expect(probeSandbox({ bubblewrap: undefined })).rejects.toMatchObject({
    code: 'SandboxUnavailable',
    message: expect.stringContaining('bubblewrap'),
  });
  await expect(probeSandbox({ bubblewrap: '/nowhere/bwrap' })).rejects.toMatchObject({
    code: 'SandboxUnavailable',
    message: expect.stringContaining('/nowhere/bwrap'),
  });
});

test('a bubblewrap that is too old is refused with its version', async () => {
  const bubblewrap = await bubblewrapThat('echo bubblewrap 0.4.1');
  await expect(probeSandbox({ bubblewrap })).rejects.toMatchObject({
    code: 'SandboxUnavailable',
    message: expect.stringContaining('0.4.1'),
  });
});

test('a machine that allows no namespaces is named as the reason', async () => {
  const bubblewrap = await bubblewrapThat(
    '[ "$1" = --version ] && echo bubblewrap 0.8.0 && exit; echo "bwrap: No permissions to create new namespace" >&2; exit 1',
  );
  await expect(probeSandbox({ bubblewrap })).rejects.toMatchObject({
    code: 'SandboxUnavailable',
    message: expect.stringMatching(/No permissions to create new namespace.*user namespaces/),
  });
});

test('a bubblewrap that runs nothing is not taken for a sandbox', async () => {
  const bubblewrap = await bubblewrapThat('[ "$1" = --version ] && echo bubblewrap 0.8.0; exit 0');
  await expect(probeSandbox({ bubblewrap })).rejects.toMatchObject({ code: 'SandboxUnavailable' });
});
