import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { openSigner } from '../../../libs/crypto/open-signer.js';
import { readPins, readTrust } from '../../../libs/crypto/read-trust.js';
import { registerKeys } from '../../../libs/crypto/register-keys.js';
import { revokeKey } from '../../../libs/crypto/revoke-key.js';
import { rotateKey } from '../../../libs/crypto/rotate-key.js';
import { freshSigner, pinnedKeyOf } from '../../support/signers.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

describe('registering keys with a service', () => {
  let trust: string;
  let own: { keys: string; trust: string };
  const list = () => readPins(own.trust, 'person:ada');

  beforeEach(async () => {
    const folder = await temporaryFolder();
    trust = join(folder, 'trust');
    own = { keys: join(folder, 'ada'), trust: join(folder, 'ada') };
    await openSigner(own, 'person:ada');
  });

  it('makes the service trust a person', async () => {
    await registerKeys(trust, await list());
    expect((await readTrust(trust)).keys).toEqual(await list());
  });

  it('takes the key that succeeds the one before', async () => {
    await registerKeys(trust, await list());
    await rotateKey(own, 'person:ada');
    await registerKeys(trust, await list());
    expect(await readPins(trust, 'person:ada')).toEqual(await list());
  });

  it('refuses another key for who has one, until that is revoked', async () => {
    await registerKeys(trust, await list());
    const [before] = await list();
    const stranger = pinnedKeyOf(freshSigner('person:ada'));
    await expect(registerKeys(trust, [stranger])).rejects.toMatchObject({ code: 'KeyConflict' });
    expect(await readPins(trust, 'person:ada')).toEqual(await list());
    const revocation = { at: '2026-01-02T00:00:00.000Z', reason: 'It was lost.' };
    if (before) await revokeKey(join(trust, 'person_ada.json'), before.keyid, revocation);
    await registerKeys(trust, [stranger]);
    expect((await readPins(trust, 'person:ada')).map(({ revoked }) => revoked)).toEqual([revocation, null]);
  });

  it('refuses a key whose succession nobody signed, though the one before is said to be retired', async () => {
    await registerKeys(trust, await list());
    const retired = '2026-01-02T00:00:00.000Z';
    const given = [
      ...(await list()).map((key) => ({ ...key, retired })),
      pinnedKeyOf(freshSigner('person:ada')),
    ];
    await expect(registerKeys(trust, given)).rejects.toMatchObject({ code: 'KeyConflict' });
    expect(await readPins(trust, 'person:ada')).toEqual(await list());
  });

  it('writes nothing where one of several is refused', async () => {
    await registerKeys(trust, await list());
    const given = [pinnedKeyOf(freshSigner('person:bob')), pinnedKeyOf(freshSigner('person:ada'))];
    await expect(registerKeys(trust, given)).rejects.toMatchObject({ code: 'KeyConflict' });
    expect(await readPins(trust, 'person:bob')).toEqual([]);
  });

  it('refuses two keys of which neither is retired', async () => {
    const given = [pinnedKeyOf(freshSigner('person:bob')), pinnedKeyOf(freshSigner('person:bob'))];
    await expect(registerKeys(trust, given)).rejects.toMatchObject({ code: 'KeyConflict' });
  });
});
