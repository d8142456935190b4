import { generateKeyPairSync } from 'node:crypto';
import { chmod, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { keyListSchema } from '../../../libs/contracts/signature.js';
import { type KeyPlaces, openSigner } from '../../../libs/crypto/open-signer.js';
import { readTrust } from '../../../libs/crypto/read-trust.js';
import { revokeKey } from '../../../libs/crypto/revoke-key.js';
import { payloadType } from '../../../libs/protocol/payload-types.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const modeOf = async (path: string): Promise<string> => ((await stat(path)).mode & 0o777).toString(8);

describe('opening a signer', () => {
  let places: KeyPlaces;
  let pem: string;
  let pins: string;
  beforeEach(async () => {
    const folder = await temporaryFolder();
    places = { keys: join(folder, 'keys'), trust: join(folder, 'trust') };
    pem = join(places.keys, 'producer.pem');
    pins = join(places.trust, 'producer.json');
  });

  it('makes a key at first use that its owner alone can read, and pins it', async () => {
    const signer = await openSigner(places, 'producer');
    expect([await modeOf(places.keys), await modeOf(pem)]).toEqual(['700', '600']);
    expect(await readFile(pem, 'utf8')).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
    const { keys } = keyListSchema.parse(JSON.parse(await readFile(pins, 'utf8')));
    expect(keys).toEqual([
      {
        keyid: signer.keyid,
        identity: 'producer',
        publicKey: signer.publicKey,
        since: expect.stringMatching(/^\d{4}-/),
        retired: null,
        revoked: null,
        succeeds: null,
      },
    ]);
    expect([await readdir(places.keys), await readdir(places.trust)]).toEqual([
      ['producer.pem'],
      ['producer.json'],
    ]);
  });

  it('has the same key next time, and its signatures count by what is pinned', async () => {
    const { keyid } = await openSigner(places, 'producer');
    const signer = await openSigner(places, 'producer');
    expect(signer.keyid).toBe(keyid);
    const signed = signer.signed(payloadType.record, { a: 1 });
    const trust = await readTrust(places.trust);
    expect(trust.problemsOf(signed, { type: payloadType.record, identity: 'producer' })).toEqual([]);
  });

  it('gives all who open it at once the same key', async () => {
    const signers = await Promise.all(Array.from({ length: 20 }, () => openSigner(places, 'producer')));
    expect(new Set(signers.map(({ keyid }) => keyid)).size).toBe(1);
    expect((await readTrust(places.trust)).keys).toHaveLength(1);
    expect(await readdir(places.keys)).toEqual(['producer.pem']);
  });

  it.each([0o640, 0o604, 0o660])('refuses a key file with the mode %o', async (mode) => {
    await openSigner(places, 'producer');
    await chmod(pem, mode);
    await expect(openSigner(places, 'producer')).rejects.toMatchObject({
      code: 'KeyFileExposed',
      message: expect.stringContaining(`chmod 600 ${pem}`),
    });
  });

  it('refuses a file that is no Ed25519 key, and quotes nothing of it', async () => {
    const secret = 'c2VjcmV0IG1hdGVyaWFs';
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    await mkdir(places.keys, { mode: 0o700 });
    for (const text of [
      `-----BEGIN PRIVATE KEY-----\n${secret}\n-----END PRIVATE KEY-----\n`,
      privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    ]) {
      await writeFile(pem, text, { mode: 0o600 });
      const error: unknown = await openSigner(places, 'producer').catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: 'KeyFileInvalid', cause: undefined });
      expect(String(error)).not.toContain(text.split('\n')[1]);
    }
  });

  it('refuses another key than the pinned one, and leaves the pin as it is', async () => {
    const { keyid } = await openSigner(places, 'producer');
    const before = await readFile(pins, 'utf8');
    const other = { ...places, keys: join(places.keys, 'other') };
    await rm(pem);
    await openSigner({ ...other, trust: join(places.keys, 'other-trust') }, 'producer');
    await expect(openSigner(other, 'producer')).rejects.toMatchObject({
      code: 'KeyNotPinned',
      message: expect.stringContaining(keyid),
    });
    expect(await readFile(pins, 'utf8')).toBe(before);
  });

  it('does not replace a key that is lost', async () => {
    await openSigner(places, 'producer');
    await rm(pem);
    await expect(openSigner(places, 'producer')).rejects.toMatchObject({
      code: 'KeyNotPinned',
      message: expect.stringMatching(/There is no private key .*Restore the private key/),
    });
    expect(await readdir(places.keys)).toEqual([]);
  });

  it('refuses a key that was revoked', async () => {
    const { keyid } = await openSigner(places, 'producer');
    await revokeKey(pins, keyid, { at: '2026-01-02T00:00:00.000Z', reason: 'It was seen elsewhere.' });
    await expect(openSigner(places, 'producer')).rejects.toMatchObject({
      code: 'KeyNotPinned',
      message: expect.stringContaining('heptad keys rotate producer'),
    });
  });

  it('shows nothing of the private key to who prints the signer', async () => {
    const signer = await openSigner(places, 'producer');
    const { inspect } = await import('node:util');
    const seed = (await readFile(pem, 'utf8')).split('\n')[1] ?? '';
    expect(seed).not.toBe('');
    for (const text of [
      inspect(signer, { depth: null, showHidden: true }),
      JSON.stringify(signer),
      String(signer),
    ])
      expect(text).not.toContain(seed);
  });
});
