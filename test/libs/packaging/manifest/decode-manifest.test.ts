import { Message } from 'capnp-es';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeManifest } from '../../../../libs/packaging/manifest/decode-manifest.js';
import { encodeManifest } from '../../../../libs/packaging/manifest/encode-manifest.js';
import { PackageManifest } from '../../../../libs/packaging/manifest/generated/manifest.js';
import { HeptadError } from '../../../../libs/protocol/errors.js';
import { manifestOf } from './manifest-of.js';

const manifest = manifestOf({
  files: [{ path: 'README.md' }, { path: 'reports/verify.json' }, { path: 'ä' }],
});
const encoded = encodeManifest(manifest);

/** Words of an encoding, which begins with the frame: where the list of files, its tag and its elements are. */
const filesPointer = 8;
const filesTag = filesPointer + 1 + (encoded.readUInt32LE(filesPointer * 8) >>> 2);

const changed = (change: (bytes: Buffer) => void): Buffer => {
  const bytes = Buffer.from(encoded);
  change(bytes);
  return bytes;
};
const framed = (words: Buffer): Buffer => {
  const frame = Buffer.alloc(8);
  frame.writeUInt32LE(words.length / 8, 4);
  return Buffer.concat([frame, words]);
};
const refusal = (bytes: Uint8Array): string => {
  try {
    decodeManifest(bytes);
  } catch (error) {
    if (error instanceof HeptadError && error.code === 'InputInvalid') return error.message;
    throw error;
  }
  throw new Error('The bytes were taken.');
};

/** What becomes of bytes that are not the encoding of the manifest. What is taken must be an encoding. */
function outcomeOf(bytes: Buffer): 'refused' | 'other' | 'same' {
  try {
    return encodeManifest(decodeManifest(bytes)).equals(bytes) && !bytes.equals(encoded) ? 'other' : 'same';
  } catch (error) {
    if (error instanceof HeptadError && error.code === 'InputInvalid') return 'refused';
    throw error;
  }
}

describe('a binary manifest', () => {
  it('is read from any view of its bytes', () => {
    const wider = new Uint8Array(encoded.length + 3);
    wider.set(encoded, 3);
    expect(decodeManifest(wider.subarray(3))).toEqual(manifest);
  });

  it('is refused with any of its bits changed, or says something else', () => {
    const outcomes = { refused: 0, other: 0, same: 0 };
    for (let bit = 0; bit < encoded.length * 8; bit += 1) {
      const bytes = changed((copy) => {
        copy.writeUInt8(copy.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      });
      outcomes[outcomeOf(bytes)] += 1;
    }
    expect(outcomes.same).toBe(0);
    // The bits of the digests, and those of texts and sizes that are still such.
    expect(outcomes.other).toBeGreaterThan(manifest.files.length * 64 * 8);
    expect(outcomes.refused).toBeGreaterThan(1000);
  });

  it('is refused wherever it is cut, and with bytes after it', () => {
    for (let length = 0; length < encoded.length; length += 1) refusal(encoded.subarray(0, length));
    for (let length = 8; length < encoded.length; length += 8) refusal(framed(encoded.subarray(8, length)));
    expect(refusal(Buffer.concat([encoded, Buffer.alloc(8)]))).toContain('length');
    expect(refusal(framed(Buffer.concat([encoded.subarray(8), Buffer.alloc(8)])))).toContain('canonical');
  });

  it('is refused, or taken for what it is, whatever the bytes are', () => {
    const word = fc.oneof(
      fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
      // Pointers of every kind, near and far, short and long.
      fc
        .tuple(
          fc.nat(3),
          fc.integer({ min: -20, max: 60 }),
          fc.nat(7),
          fc.oneof(fc.nat(8), fc.nat(2 ** 29 - 1)),
        )
        .map(([kind, offset, size, count]) =>
          BigInt.asUintN(64, (BigInt((count << 3) | size) << 32n) | BigInt((kind | (offset << 2)) >>> 0)),
        ),
    );
    const at = fc.nat(encoded.length / 8 - 2).map((index) => index + 1);
    fc.assert(
      fc.property(fc.array(fc.tuple(at, word), { minLength: 1, maxLength: 4 }), (words) => {
        const bytes = changed((copy) => {
          for (const [index, value] of words) copy.writeBigUInt64LE(BigInt.asUintN(64, value), index * 8);
        });
        try {
          expect(encodeManifest(decodeManifest(bytes))).toEqual(bytes);
        } catch (error) {
          expect(error).toMatchObject({ code: 'InputInvalid' });
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('is refused in another encoding that says the same', () => {
    const message = new Message();
    const root = message.initRoot(PackageManifest);
    const { files, ...said } = manifest;
    const list = root._initFiles(files.length);
    for (const [index, { path, size, sha256, fsverity }] of files.entries()) {
      const file = list.get(index);
      file._initFsverity(32).copyBuffer(Buffer.from(fsverity, 'hex'));
      file._initSha256(32).copyBuffer(Buffer.from(sha256, 'hex'));
      Object.assign(file, { path, size: BigInt(size) });
    }
    Object.assign(root, said);
    const bytes = Buffer.from(message.toArrayBuffer());
    expect(bytes).toHaveLength(encoded.length);
    expect(refusal(bytes)).toContain('canonical');
    expect(refusal(Buffer.from(message.toPackedArrayBuffer()))).toBeTruthy();
  });

  it('is refused with more files than it has bytes for, without counting them', () => {
    // 2^27 elements of no size.
    const endless = changed((bytes) => {
      bytes.writeUInt32LE(7, filesPointer * 8 + 4);
      bytes.writeUInt32LE(2 ** 27 * 4, filesTag * 8);
      bytes.writeUInt32LE(0, filesTag * 8 + 4);
    });
    expect(refusal(endless)).toContain('files');
    const wider = changed((bytes) => bytes.writeUInt16LE(4, filesTag * 8 + 6));
    expect(refusal(wider)).toContain('not those of a manifest');
    const unbacked = changed((bytes) => bytes.writeUInt32LE(2 ** 20 * 4, filesTag * 8));
    expect(refusal(unbacked)).toContain('more files than it has');
  });

  it('is refused where many files share one long text', () => {
    const count = 2000;
    const long = encodeManifest(
      manifestOf({
        files: Array.from({ length: count }, (_, index) => ({
          path: index === 0 ? 'x'.repeat(100_000) : 'y',
        })),
      }),
    );
    const tag = filesPointer + 1 + (long.readUInt32LE(filesPointer * 8) >>> 2);
    const pathOf = (file: number): number => tag + 1 + file * 4 + 1;
    const target = pathOf(0) + 1 + (long.readInt32LE(pathOf(0) * 8) >> 2);
    for (let file = 1; file < count; file += 1) {
      long.writeInt32LE(((target - pathOf(file) - 1) << 2) | 1, pathOf(file) * 8);
      long.writeUInt32LE(long.readUInt32LE(pathOf(0) * 8 + 4), pathOf(file) * 8 + 4);
    }
    expect(refusal(long)).toContain('overlap');
  });

  it('is refused with a text that is not UTF-8 or has no end, and with a size that no file has', () => {
    const path = filesTag + 1 + 3 * 4;
    expect(encoded.subarray(path * 8, path * 8 + 9).toString()).toBe('README.md');
    expect(refusal(changed((bytes) => bytes.writeUInt8(0xff, path * 8)))).toContain('utf-8');
    expect(refusal(changed((bytes) => bytes.writeUInt8(0x41, path * 8 + 9)))).toContain('no end');
    expect(refusal(changed((bytes) => bytes.writeBigUInt64LE(2n ** 53n, (filesTag + 1) * 8)))).toBeTruthy();
  });

  it('is refused with a version that is not known', () => {
    expect(refusal(changed((bytes) => bytes.writeUInt32LE(2, 16)))).toContain('not what was expected');
  });
});
