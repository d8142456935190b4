import { copyFile, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { PinnedKey } from '../../../libs/contracts/signature.js';
import { asKeyList } from '../../../libs/crypto/key-list.js';
import { type KeyPlaces, openSigner } from '../../../libs/crypto/open-signer.js';
import { readPins } from '../../../libs/crypto/read-trust.js';
import { revokeKey } from '../../../libs/crypto/revoke-key.js';
import { rotateKey } from '../../../libs/crypto/rotate-key.js';
import type { Signer } from '../../../libs/crypto/signer.js';
import { extendTrust } from '../../../libs/crypto/succession.js';
import { trustIn } from '../../support/signers.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

describe('rotating a key', () => {
  let places: KeyPlaces;
  let pem: string;
  let first: Signer;
  const pins = (): Promise<readonly PinnedKey[]> => readPins(places.trust, 'producer');
  const revocation = { at: '2026-01-02T00:00:00.000Z', reason: 'It was lost.' };

  beforeEach(async () => {
    const folder = await temporaryFolder();
    places = { keys: join(folder, 'keys'), trust: join(folder, 'trust') };
    pem = join(places.keys, 'producer.pem');
    first = await openSigner(places, 'producer');
  });

  it('leaves the new private key alone on disk, and who pinned the old one reaches the new', async () => {
    const before = await readFile(pem, 'utf8');
    const key = await rotateKey(places, 'producer');
    expect((await openSigner(places, 'producer')).keyid).toBe(key.keyid);
    expect(key.keyid).not.toBe(first.keyid);
    expect(await readdir(places.keys)).toEqual(['producer.pem']);
    expect(await readFile(pem, 'utf8')).not.toBe(before);
    expect((await stat(pem)).mode & 0o777).toBe(0o600);
    expect(await pins()).toMatchObject([
      { keyid: first.keyid, retired: key.since },
      { keyid: key.keyid, retired: null, succeeds: { keyid: first.keyid } },
    ]);
    expect(extendTrust(trustIn(first), asKeyList(await pins())).find(key.keyid)).toBeDefined();
  });

  it('makes a chain of it', async () => {
    for (let round = 0; round < 3; round += 1) await rotateKey(places, 'producer');
    const keys = await pins();
    expect(keys).toHaveLength(4);
    expect(extendTrust(trustIn(first), asKeyList(keys)).keys).toHaveLength(4);
  });

  it('is finished by the next one where it was cut off before the private key took its place', async () => {
    const backup = join(places.keys, 'backup');
    await copyFile(pem, backup);
    const key = await rotateKey(places, 'producer');
    await rename(pem, join(places.keys, 'producer~next.pem'));
    await rename(backup, pem);
    await expect(openSigner(places, 'producer')).rejects.toMatchObject({ code: 'KeyNotPinned' });
    expect(await rotateKey(places, 'producer')).toEqual(key);
    expect((await openSigner(places, 'producer')).keyid).toBe(key.keyid);
    expect(await pins()).toHaveLength(2);
    expect(await readdir(places.keys)).toEqual(['producer.pem']);
  });

  it('goes on with the key that was begun where it was cut off before that was pinned', async () => {
    const elsewhere = { keys: join(places.keys, 'x'), trust: join(places.keys, 'y') };
    const begun = await openSigner(elsewhere, 'producer');
    await rename(join(elsewhere.keys, 'producer.pem'), join(places.keys, 'producer~next.pem'));
    expect((await rotateKey(places, 'producer')).keyid).toBe(begun.keyid);
  });

  it('does not go on with a key that was begun and revoked since', async () => {
    const backup = join(places.keys, 'backup');
    await copyFile(pem, backup);
    const begun = await rotateKey(places, 'producer');
    await rename(pem, join(places.keys, 'producer~next.pem'));
    await rename(backup, pem);
    await revokeKey(join(places.trust, 'producer.json'), begun.keyid, revocation);
    const key = await rotateKey(places, 'producer');
    expect([first.keyid, begun.keyid]).not.toContain(key.keyid);
    expect(key.succeeds).toBeNull();
    expect((await openSigner(places, 'producer')).keyid).toBe(key.keyid);
  });

  it('refuses where the private key that must sign is lost, until it is revoked; the new one then succeeds none', async () => {
    await rm(pem);
    await expect(rotateKey(places, 'producer')).rejects.toMatchObject({
      code: 'KeyNotPinned',
      message: expect.stringContaining(`heptad keys revoke ${first.keyid}`),
    });
    expect(await readdir(places.keys)).toEqual([]);
    await revokeKey(join(places.trust, 'producer.json'), first.keyid, revocation);
    const key = await rotateKey(places, 'producer');
    expect(key.succeeds).toBeNull();
    expect((await openSigner(places, 'producer')).keyid).toBe(key.keyid);
    expect(extendTrust(trustIn(first), asKeyList(await pins())).find(key.keyid)).toBeUndefined();
  });

  it('refuses an identity that has no key yet', async () => {
    await expect(rotateKey(places, 'release')).rejects.toMatchObject({ code: 'KeyUnknown' });
    expect(await readdir(places.keys)).toEqual(['producer.pem']);
  });

  it('done twice at once leaves one key that signs, and it is the one on disk', async () => {
    await Promise.allSettled([rotateKey(places, 'producer'), rotateKey(places, 'producer')]);
    await rotateKey(places, 'producer');
    const { keyid } = await openSigner(places, 'producer');
    expect((await pins()).filter(({ retired }) => retired === null)).toMatchObject([{ keyid }]);
  });
});
