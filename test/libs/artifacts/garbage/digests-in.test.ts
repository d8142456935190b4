import { describe, expect, it } from 'vitest';
import { digestsIn } from '../../../../libs/artifacts/garbage/digests-in.js';
import type { Digest } from '../../../../libs/protocol/digest.js';
import { all } from '../all.js';

const digest: Digest = `sha256:${'0'.repeat(64)}`;
const other: Digest = `sha256:${'f'.repeat(64)}`;

describe('digests in a text', () => {
  it('are found whole and in sentences, however the text is cut', async () => {
    const text = Buffer.from(
      JSON.stringify({
        [digest]: other,
        text: `see ${digest}`,
        list: [`"${other}"`, `${other}.`, `"${digest}`],
      }),
    );
    const expected = [
      { digest, whole: true },
      { digest: other, whole: true },
      { digest, whole: false },
      { digest: other, whole: false },
      { digest: other, whole: false },
      { digest, whole: false },
    ];
    expect(await all(digestsIn([text]))).toEqual(expected);
    for (let cut = 3; cut < text.length; cut += 1)
      expect(await all(digestsIn([text.subarray(0, cut), text.subarray(cut)])), `cut at ${cut}`).toEqual(
        expected,
      );
    const bytes = Array.from(text, (_, at) => text.subarray(at, at + 1));
    expect(await all(digestsIn(bytes))).toEqual(expected);
  });

  it('are found as manifests list files, and are not those of keys or programs, however the text is cut', async () => {
    const hex = 'f'.repeat(64);
    const text = Buffer.from(
      JSON.stringify({
        files: [{ path: 'a', sha256: hex, size: 1 }],
        signature: { keyid: digest },
        verifier: { program: digest },
        sha512: hex,
        output: digest,
      }),
    );
    const expected = [
      { digest: other, whole: false },
      { digest, whole: true },
    ];
    expect(await all(digestsIn([text]))).toEqual(expected);
    for (let cut = 3; cut < text.length; cut += 1)
      expect(await all(digestsIn([text.subarray(0, cut), text.subarray(cut)])), `cut at ${cut}`).toEqual(
        expected,
      );
    const bytes = Array.from(text, (_, at) => text.subarray(at, at + 1));
    expect(await all(digestsIn(bytes))).toEqual(expected);
  });

  it('are not looked for in what is no JSON object or array', async () => {
    expect(await all(digestsIn([Buffer.from(`plain text: ${digest}`)]))).toEqual([]);
    expect(await all(digestsIn([Buffer.from(`"${digest}"`)]))).toEqual([]);
  });

  it('are found at the very end of a text that is cut off', async () => {
    expect(await all(digestsIn([Buffer.from(`["${digest}`)]))).toEqual([{ digest, whole: false }]);
  });
});
