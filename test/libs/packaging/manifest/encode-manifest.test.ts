import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PackageManifest } from '../../../../libs/contracts/phase.js';
import { decodeManifest } from '../../../../libs/packaging/manifest/decode-manifest.js';
import { encodeManifest } from '../../../../libs/packaging/manifest/encode-manifest.js';
import { manifestOf } from './manifest-of.js';

const text = fc.string({ unit: 'binary', maxLength: 40 });
const digest = fc
  .uint8Array({ minLength: 32, maxLength: 32 })
  .map((bytes) => Buffer.from(bytes).toString('hex'));
const manifests: fc.Arbitrary<PackageManifest> = fc.record({
  version: fc.constant(1 as const),
  run: text,
  template: text,
  subject: text,
  decision: text,
  candidate: text,
  files: fc.array(fc.record({ path: text, size: fc.maxSafeNat(), sha256: digest, fsverity: digest }), {
    maxLength: 20,
  }),
});

describe('a manifest in Cap’n Proto', () => {
  it('says what the manifest says, whatever its texts and numbers are', () => {
    fc.assert(
      fc.property(manifests, (manifest) => {
        expect(decodeManifest(encodeManifest(manifest))).toEqual(manifest);
      }),
      { numRuns: 500 },
    );
  });

  it('keeps a byte order mark and a zero character, which begin or end a text', () => {
    const manifest = manifestOf({ subject: '\uFEFFa\0', files: [{ path: '\uFEFF\0' }] });
    expect(decodeManifest(encodeManifest(manifest))).toEqual(manifest);
  });

  it('is the same whatever the order of the keys is, and begins anew for each manifest', () => {
    const manifest = manifestOf({ files: [{ path: 'a' }, { path: 'b' }] });
    const turned = Object.fromEntries(Object.entries(manifest).reverse()) as PackageManifest;
    expect(encodeManifest(turned)).toEqual(encodeManifest(manifest));
    expect(encodeManifest(manifest)).toEqual(encodeManifest(manifest));
  });

  it('is of one segment, however many files there are', () => {
    const files = Array.from({ length: 5000 }, (_, index) => ({
      path: `files/${'x'.repeat(index % 300)}${index}`,
    }));
    const manifest = manifestOf({ files });
    const bytes = encodeManifest(manifest);
    expect(bytes.readUInt32LE(0)).toBe(0);
    expect(bytes.readUInt32LE(4) * 8).toBe(bytes.length - 8);
    expect(decodeManifest(bytes)).toEqual(manifest);
  });

  it('is refused where it is not a manifest', () => {
    const manifest = manifestOf({ files: [{ path: 'a' }] });
    const file = manifest.files[0];
    for (const wrong of [
      { ...manifest, version: 2 },
      { ...manifest, more: 1 },
      { ...manifest, subject: 'a \ud800' },
      { ...manifest, files: [{ ...file, sha256: 'z'.repeat(64) }] },
      { ...manifest, files: [{ ...file, size: 2 ** 53 }] },
    ])
      expect(() => encodeManifest(wrong as PackageManifest)).toThrowError(
        expect.objectContaining({ code: 'InputInvalid' }),
      );
  });
});
