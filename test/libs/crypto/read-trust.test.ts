import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { keyListText } from '../../../libs/crypto/key-list.js';
import { openSigner } from '../../../libs/crypto/open-signer.js';
import { readTrust } from '../../../libs/crypto/read-trust.js';
import { freshSigner, pinnedKeyOf } from '../../support/signers.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

describe('a trust folder', () => {
  it('that does not exist is trust in nobody', async () => {
    expect((await readTrust(join(await temporaryFolder(), 'none'))).keys).toEqual([]);
  });

  it('is read anew each time', async () => {
    const folder = await temporaryFolder();
    const places = { keys: join(folder, 'keys'), trust: join(folder, 'trust') };
    for (const [identity, count] of [
      ['verifier.a', 1],
      ['verifier.b', 2],
      ['person:ada', 3],
    ] as const) {
      await openSigner(places, identity);
      expect((await readTrust(places.trust)).keys).toHaveLength(count);
    }
  });

  it('spares files that are being written', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, '0b1f'), '{"half');
    expect((await readTrust(folder)).keys).toEqual([]);
  });

  const ada = freshSigner('person:ada');
  const verifier = freshSigner('verifier.a');
  const other = freshSigner('verifier.a');
  it.each([
    ['no JSON', '-----BEGIN PRIVATE KEY-----\nMC4CAQAw\n'],
    ['another document', '{"version":1}'],
    ['a key of another identity', keyListText([pinnedKeyOf(ada)])],
    ['two keys that both sign', keyListText([pinnedKeyOf(verifier), pinnedKeyOf(other)])],
    ['a key twice', keyListText([pinnedKeyOf(verifier), pinnedKeyOf(verifier)])],
    ['the id of another key', keyListText([pinnedKeyOf(verifier, { keyid: other.keyid })])],
  ])('is refused where a file has %s, which is not quoted', async (_, text) => {
    const folder = await temporaryFolder();
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'verifier.a.json'), text);
    const error: unknown = await readTrust(folder).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: 'KeyListInvalid',
      message: expect.stringContaining(join(folder, 'verifier.a.json')),
    });
    expect(String(error)).not.toMatch(/BEGIN|MC4C/);
  });
});
