import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { provideTestTool } from '../../../../apps/local/provision/provide-test-tool.js';
import { onPath } from '../../../../apps/local/requirements.mjs';
import { readConfig } from '../../../../libs/config/config.js';
import { fsVerityDigest } from '../../../../libs/packaging/manifest/fs-verity-digest.js';
import { temporaryFolder } from '../../../support/temporary-folder.js';
import { turnsDuring } from '../../../support/turns-during.js';

/** Bytes that are the same on every machine and whose blocks all differ. */
const bytesOf = (size: number): Buffer =>
  size === 0 ? Buffer.alloc(0) : createHash('shake128', { outputLength: size }).update('fs-verity').digest();

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

async function* cut(bytes: Buffer, ...sizes: number[]): AsyncGenerator<Buffer> {
  let start = 0;
  for (const size of sizes) {
    yield bytes.subarray(start, start + size);
    start += size;
  }
  yield bytes.subarray(start);
}

/** Sizes about those at which the tree gets one more block or level, and what `fsverity digest` printed for them. */
const recorded: Readonly<Record<number, string>> = {
  0: '3d248ca542a24fc62d1c43b916eae5016878e2533c88238480b26128a1f1af95',
  1: '1f1ba07d8f41c136212f928e7c557d2f7def7313eb7d11be1a50bd3cabbe2b99',
  4095: '890f3c803403c69adb47e5531edaa62b0d67ff30045ad3f5d3279a01d7a6d663',
  4096: '728ec830376c8c843fd11d5842ef7aa250710e3cb1bdbb1a16da231dffb5d5aa',
  4097: '376f1de90ab1704053f62be91dbcdec08b9e1f682bcb551dfd9e097949610321',
  524287: 'f7e0f4e300745322086c8450ee74e91e5a8e4ffb8ac98717c33c81e6fb04f6a2',
  524288: '5c45c1946cfaff3b382f0e5a52fae0733b5f9cc46fd281302076f374b30e20de',
  524289: '7b68fa9c2dc853314af3590b4bfb81398f181b08f96cd570babf2cc0929317e1',
  20000001: 'f35b2821064856711cd017857e31c5cfce599bea09706e8c89057eec509b35c7',
  67108865: 'f239eff726aeb7ba587ba58abe8b84bd2dc95190d5cc4c7e0712323fcf40eaa6',
};
const sizes = Object.keys(recorded).map(Number);

const tool = await provideTestTool(readConfig(), 'fsverity');

describe('the fs-verity digest', () => {
  it.each(sizes)('of %i bytes is the one that was recorded of the tool, beside the SHA-256', async (size) => {
    const bytes = bytesOf(size);
    expect(await fsVerityDigest(cut(bytes))).toEqual({
      sha256: sha256(bytes),
      fsverity: recorded[size],
      size,
    });
  });

  it('is compared with the tool itself wherever the system has its package', () => {
    const hasPackages = ['apt-get', 'dpkg-deb'].every((name) => onPath(name, process.env));
    expect(tool !== undefined).toBe(hasPackages || onPath('fsverity', process.env) !== undefined);
  });

  it.skipIf(tool === undefined).each(sizes)('of %i bytes in a file is what the tool prints', async (size) => {
    const file = join(await temporaryFolder(), 'file');
    await writeFile(file, bytesOf(size));
    const { stdout } = await promisify(execFile)(tool ?? '', ['digest', file]);
    const { fsverity } = await fsVerityDigest(createReadStream(file));
    expect(`sha256:${fsverity} ${file}\n`).toBe(stdout);
  });

  it('does not depend on how the bytes are cut', async () => {
    const bytes = bytesOf(130 * 4096 + 5);
    const whole = await fsVerityDigest(cut(bytes));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat({ max: 3 * 4096 }), { maxLength: 60 }), async (lengths) => {
        expect(await fsVerityDigest(cut(bytes, ...lengths))).toEqual(whole);
      }),
      { numRuns: 50 },
    );
  });

  it('differs where one bit differs', async () => {
    const bytes = bytesOf(3 * 4096);
    const { fsverity } = await fsVerityDigest(cut(bytes));
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: bytes.length * 8 - 1 }), async (bit) => {
        const changed = Buffer.from(bytes);
        changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
        expect((await fsVerityDigest(cut(changed))).fsverity).not.toBe(fsverity);
      }),
    );
  });

  it('leaves the event loop free, however large a chunk is and however many are ready', async () => {
    const megabyte = 1024 * 1024;
    expect(await turnsDuring(() => fsVerityDigest(cut(Buffer.alloc(16 * megabyte))))).toBeGreaterThan(15);
    const ready = Array.from({ length: 256 }, () => megabyte / 16);
    expect(
      await turnsDuring(() => fsVerityDigest(cut(Buffer.alloc(16 * megabyte), ...ready))),
    ).toBeGreaterThan(15);
  });

  it('fails as its source fails', async () => {
    const broken = async function* (): AsyncGenerator<Buffer> {
      yield Buffer.alloc(10);
      throw new Error('the disk is gone');
    };
    await expect(fsVerityDigest(broken())).rejects.toThrow('the disk is gone');
  });
});
