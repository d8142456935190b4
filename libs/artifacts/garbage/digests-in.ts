import { type Digest, isDigest } from '../../protocol/digest.js';

/** A digest as it stands in a text. */
export interface NamedDigest {
  readonly digest: Digest;
  /** Whether a JSON string is this digest and nothing else; otherwise it stands in a sentence, as a quotation may. */
  readonly whole: boolean;
}

const pattern = /sha256:[0-9a-f]{64}/g;
const length = 'sha256:'.length + 64;

/** What has to be seen around a digest: `\"` before it, and one character after it. */
const before = 2;
const after = 1;

/** Digests in a text, if its first character is that of a JSON object or array. */
export async function* digestsIn(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncIterable<NamedDigest> {
  let text = '';
  let first = true;
  // Where the part of the text begins that has not been searched.
  let from = 0;
  for await (const chunk of chunks) {
    text += Buffer.from(chunk).toString('latin1');
    if (first && !/^\s*[{[]/.test(text)) return;
    first = false;
    const end = Math.max(from, text.length - length - after + 1);
    yield* digestsBetween(text, from, end);
    const cut = Math.max(0, end - before);
    text = text.slice(cut);
    from = end - cut;
  }
  yield* digestsBetween(text, from, text.length);
}

/** The digests of a text that begin from one place on and before another. */
function* digestsBetween(text: string, from: number, end: number): Iterable<NamedDigest> {
  pattern.lastIndex = from;
  for (const { 0: match, index } of text.matchAll(pattern)) {
    if (index >= end) return;
    if (!isDigest(match)) continue;
    const opened = text[index - 1] === '"' && text[index - 2] !== '\\';
    yield { digest: match, whole: opened && text[index + length] === '"' };
  }
}
