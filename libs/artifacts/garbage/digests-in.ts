import { type Digest, isDigest } from '../../protocol/digest.js';

/** A digest as it stands in a text. */
export interface NamedDigest {
  readonly digest: Digest;
  /** Whether a JSON string is this digest and nothing else; otherwise it stands in a sentence, as a quotation may. */
  readonly whole: boolean;
}

// As a digest, and as manifests list files: `"sha256":"…"`.
const pattern = /sha256(?::|":")([0-9a-f]{64})/g;
const length = 'sha256":"'.length + 64;

/** Members whose value has the form of a digest and names no artifact: a key, and the program of a verifier. */
const ofSomethingElse = ['"keyid":"', '"program":"'];

/** What has to be seen around a digest: a member's name before it, and one character after it. */
const before = Math.max(...ofSomethingElse.map((member) => member.length));
const after = 1;

/**
 * Digests in a text, if its first character is that of a JSON object or array: each `sha256:…`, and the value of each
 * member `sha256`, by which manifests list files.
 */
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
  for (const { 0: match, 1: hex, index } of text.matchAll(pattern)) {
    if (index >= end) return;
    const digest = `sha256:${hex}`;
    if (!isDigest(digest) || ofSomethingElse.some((member) => text.endsWith(member, index))) continue;
    const opened = text[index - 1] === '"' && text[index - 2] !== '\\';
    const whole = opened && match === digest && text[index + match.length] === '"';
    yield { digest, whole };
  }
}
