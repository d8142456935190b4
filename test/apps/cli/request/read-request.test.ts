import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { readRequest } from '../../../../apps/cli/request/read-request.js';

beforeEach(() => void vi.stubEnv('INIT_CWD', '/home/somebody'));
afterEach(() => vi.unstubAllEnvs());

const recipient = 'age19z9dnav7zxqjkshfdldfq28p5x09z0mtncwdsqcf93fzvvfy9qcs3kjvn8';

test('targets and the window for a waiver go with a template and with a sentence', async () => {
  const wishes = { deliver: ['folder:out', 's3://packages/a/'], encryptTo: recipient, waiverWindow: 60 };
  const sent = {
    deliver: [
      { kind: 'folder', path: '/home/somebody/out', encryptTo: recipient },
      { kind: 's3', bucket: 'packages', prefix: 'a/', encryptTo: recipient },
    ],
    waiverWindow: 60,
  };
  expect(await readRequest(['repository-review'], wishes)).toEqual({
    template: 'repository-review',
    input: {},
    ...sent,
  });
  expect(await readRequest(['review ./library and fix it'], wishes)).toEqual({
    request: 'review "/home/somebody/library" and fix it',
    ...sent,
  });
});

test('nothing is sent that was not asked for', async () => {
  expect(await readRequest(['repository-review'], { deliver: [] })).toEqual({
    template: 'repository-review',
    input: {},
  });
});

test.each([
  ['--encrypt-to', { encryptTo: recipient }],
  ['--deliver', { deliver: ['/srv'] }],
  ['--deliver', { deliver: ['git+file:///srv/a.git#main'], encryptTo: recipient }],
  ['--deliver', { deliver: ['folder:/srv'], encryptTo: 'ssh-ed25519 AAAA' }],
])('%s that cannot be is told by its name', async (path, options) => {
  await expect(readRequest(['repository-review'], options)).rejects.toMatchObject({
    code: 'UsageInvalid',
    problems: [{ path, reason: expect.any(String) }],
  });
});
