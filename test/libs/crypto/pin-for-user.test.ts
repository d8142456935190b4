import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { readKeyList } from '../../../libs/crypto/key-list.js';
import { openSigner } from '../../../libs/crypto/open-signer.js';
import { addKeys, pinForUser } from '../../../libs/crypto/pin-for-user.js';
import { revokeKey } from '../../../libs/crypto/revoke-key.js';
import { rotateKey } from '../../../libs/crypto/rotate-key.js';
import { freshSigner, pinnedKeyOf } from '../../support/signers.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

describe("a person's pin store", () => {
  let folder: string;
  let file: string;
  const pinned = async () => (await readKeyList(file))?.keys ?? [];
  const service = (name: string) => ({ keys: join(folder, name), trust: join(folder, `${name}-trust`) });

  beforeEach(async () => {
    folder = await temporaryFolder();
    file = join(folder, 'config', 'heptad', 'trusted-keys.json');
  });

  it('gets the keys of a service, and keeps those of others', async () => {
    await openSigner(service('one'), 'producer');
    await openSigner(service('one'), 'verifier.a');
    await openSigner(service('two'), 'producer');
    await pinForUser(service('one').trust, file);
    await pinForUser(service('two').trust, file);
    expect((await pinned()).map(({ identity }) => identity)).toEqual(['producer', 'verifier.a', 'producer']);
    expect(await readdir(join(folder, 'config', 'heptad'))).toEqual(['trusted-keys.json']);
  });

  it('is not written again where it has everything', async () => {
    await openSigner(service('one'), 'producer');
    await pinForUser(service('one').trust, file);
    const before = await readFile(file);
    await pinForUser(service('one').trust, file);
    expect(await readFile(file)).toEqual(before);
  });

  it('learns of rotations and revocations, and takes none back', async () => {
    const { keyid } = await openSigner(service('one'), 'producer');
    await pinForUser(service('one').trust, file);
    const next = await rotateKey(service('one'), 'producer');
    await pinForUser(service('one').trust, file);
    expect(await pinned()).toMatchObject([{ keyid, retired: next.since }, { keyid: next.keyid }]);
    const revocation = { at: '2026-01-02T00:00:00.000Z', reason: 'It was copied.' };
    await revokeKey(file, next.keyid, revocation);
    await pinForUser(service('one').trust, file);
    expect((await pinned())[1]?.revoked).toEqual(revocation);
  });

  it('refuses a key that it has of somebody else', async () => {
    const signer = freshSigner('producer');
    await addKeys(file, [pinnedKeyOf(signer)]);
    await expect(addKeys(file, [pinnedKeyOf(signer, { identity: 'release' })])).rejects.toMatchObject({
      code: 'KeyConflict',
      message: expect.stringContaining(file),
    });
    expect(await pinned()).toEqual([pinnedKeyOf(signer)]);
  });
});
