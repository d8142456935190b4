import { createPrivateKey } from 'node:crypto';
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { type KeyList, keyListSchema } from '../../../../libs/contracts/signature.js';
import { openSigner } from '../../../../libs/crypto/open-signer.js';
import { readTrust } from '../../../../libs/crypto/read-trust.js';
import { type Ended, heptad } from '../../../support/heptad.js';
import { temporaryFolder } from '../../../support/temporary-folder.js';

describe('heptad keys', () => {
  let folder: string;
  let data: string;
  let config: string;
  let said: string;
  const places = () => ({ keys: join(data, 'keys'), trust: join(data, 'trust') });
  const call = async (...args: string[]): Promise<Ended> => {
    const ended = await heptad(['keys', ...args], {
      env: { HEPTAD_DATA: data, HEPTAD_CONFIG: config },
      cwd: folder,
    });
    said += ended.out + ended.err;
    return ended;
  };
  const listOf = (text: string): KeyList => keyListSchema.parse(JSON.parse(text));
  const filed = async (text: string): Promise<string> => {
    const file = join(folder, 'keys.json');
    await writeFile(file, text);
    return file;
  };

  beforeEach(async () => {
    folder = await temporaryFolder();
    data = join(folder, 'data');
    config = join(folder, 'config');
    said = '';
    for (const identity of ['producer', 'verifier.a'] as const) await openSigner(places(), identity);
  });

  it('makes a person’s key once and prints what the operator registers', async () => {
    const { code, out, err } = await call('new', '--person', 'ada');
    expect([code, err]).toEqual([0, expect.stringContaining('heptad keys pin FILE --service')]);
    const pem = join(config, 'keys', 'person_ada.pem');
    expect((await stat(pem)).mode & 0o777).toBe(0o600);
    expect(listOf(out).keys).toMatchObject([{ identity: 'person:ada' }]);
    expect((await call('new', '--person', 'ada')).out).toBe(out);

    expect((await call('pin', await filed(out), '--service')).code).toBe(0);
    const [key] = listOf(out).keys;
    expect((await readTrust(places().trust)).find(key?.keyid ?? '')).toEqual(key);
  });

  it('exports what the service trusts, and pins it for a person elsewhere', async () => {
    const exported = await call('export');
    expect(listOf(exported.out).keys.map(({ identity }) => identity)).toEqual(['producer', 'verifier.a']);
    expect((await call('pin', 'keys.json')).code).toBe(2);
    await filed(exported.out);
    expect(await call('pin', 'keys.json')).toMatchObject({ code: 0, err: '' });
    const pinned = listOf(await readFile(join(config, 'trusted-keys.json'), 'utf8'));
    expect(pinned).toEqual(listOf(exported.out));
    const { out } = await call('list');
    expect(out).toMatch(/^producer +active +\S+ +service, user +sha256:[0-9a-f]{64}$/m);
  });

  it('rotates a key of the service and says what must be started again', async () => {
    const { keyid } = await openSigner(places(), 'verifier.a');
    const { code, out } = await call('rotate', 'verifier.a');
    expect(code).toBe(0);
    expect(out).toMatch(/Restart verify.*pass a: until then it signs with the key before/);
    expect((await openSigner(places(), 'verifier.a')).keyid).not.toBe(keyid);
    const { keys } = JSON.parse((await call('list', '--json')).out);
    expect(keys.map(({ identity, state }: Record<string, string>) => [identity, state])).toEqual([
      ['producer', 'active'],
      ['verifier.a', 'retired'],
      ['verifier.a', 'active'],
    ]);
  });

  it('rotates a person’s key, and the service takes the new one by succession', async () => {
    await call('pin', await filed((await call('new', '--person', 'ada')).out), '--service');
    expect((await call('rotate', 'person:ada')).out).toContain('heptad keys export --person ada');
    const exported = await call('export', '--person', 'ada');
    expect(listOf(exported.out).keys).toMatchObject([{ retired: expect.any(String) }, { retired: null }]);
    expect((await call('pin', await filed(exported.out), '--service')).code).toBe(0);
    const alone = { version: 1, keys: listOf(exported.out).keys.slice(1) };
    await rm(join(data, 'trust', 'person_ada.json'));
    await rm(config, { recursive: true });
    const stranger = await call('new', '--person', 'ada');
    await call('pin', await filed(JSON.stringify(alone)), '--service');
    expect(await call('pin', await filed(stranger.out), '--service')).toMatchObject({
      code: 1,
      err: expect.stringContaining('[KeyConflict]'),
    });
  });

  it('revokes a key wherever it is pinned here, for good', async () => {
    const { keyid } = await openSigner(places(), 'producer');
    await call('pin', await filed((await call('export')).out));
    const { code, out } = await call('revoke', keyid, '--reason', 'It was copied.');
    expect(code).toBe(0);
    for (const file of [join(data, 'trust', 'producer.json'), join(config, 'trusted-keys.json')]) {
      expect(out).toContain(file);
      const { keys } = listOf(await readFile(file, 'utf8'));
      expect(keys.find((key) => key.keyid === keyid)?.revoked).toMatchObject({ reason: 'It was copied.' });
    }
    await call('pin', 'keys.json');
    expect((await call('list')).out).toMatch(/^producer +revoked /m);
  });

  it.each([
    [['new', '--person', 'Ada Lovelace'], 2, '--person'],
    [['rotate', 'verifier.d'], 2, '<identity>'],
    [['rotate', 'release'], 1, 'KeyUnknown'],
    [['revoke', 'abc', '--reason', 'It was copied.'], 2, '<keyid>'],
    [['revoke', `sha256:${'0'.repeat(64)}`, '--reason', 'It was copied.'], 1, 'KeyUnknown'],
    [['revoke', `sha256:${'0'.repeat(64)}`], 2, '--reason'],
    [['export', '--person', 'bob'], 1, 'KeyUnknown'],
    [['pin', 'nowhere.json'], 2, 'nowhere.json'],
  ])('refuses %j', async (args, code, says) => {
    expect(await call(...args)).toMatchObject({ code, err: expect.stringContaining(says) });
  });

  it('never shows a private key, nor has one in another file than its own', async () => {
    await call('new', '--person', 'ada');
    await call('rotate', 'producer');
    await call('rotate', 'person:ada');
    await call('list', '--json');
    await call('export');
    // A private key that is given by mistake is refused without a word of it.
    for (const pem of [join(data, 'keys', 'producer.pem'), join(config, 'keys', 'person_ada.pem')])
      expect(await call('pin', pem)).toMatchObject({
        code: 2,
        err: expect.stringContaining('KeyListInvalid'),
      });

    const found = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = found.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    const pems = files.filter((file) => file.endsWith('.pem'));
    expect(pems).toHaveLength(3);
    const secrets: string[] = [];
    for (const file of pems) {
      expect((await stat(file)).mode & 0o777, file).toBe(0o600);
      const { d = '' } = createPrivateKey(await readFile(file)).export({ format: 'jwk' });
      const bytes = Buffer.from(d, 'base64url');
      expect(bytes).toHaveLength(32);
      const inPem = (await readFile(file, 'utf8')).split('\n')[1] ?? '';
      secrets.push(d, bytes.toString('base64').slice(0, 42), bytes.toString('hex'), inPem.slice(-40));
    }
    const others = await Promise.all(
      files.filter((file) => !pems.includes(file)).map((file) => readFile(file, 'latin1')),
    );
    expect(others.length).toBeGreaterThan(3);
    for (const text of [...others, said]) {
      expect(text).not.toContain('PRIVATE KEY');
      for (const secret of secrets) expect(text).not.toContain(secret);
    }
  });
});
