import { createHash } from 'node:crypto';
import { canonicalJson } from '../../libs/artifacts/canonical-json.js';
import { digestOfJson } from '../../libs/artifacts/digest-of-json.js';
import { packageManifestSchema } from '../../libs/contracts/phase.js';
import type { Signer } from '../../libs/crypto/signer.js';
import { encodeManifest } from '../../libs/packaging/manifest/encode-manifest.js';
import { fsVerityDigest } from '../../libs/packaging/manifest/fs-verity-digest.js';
import { type PayloadType, payloadType } from '../../libs/protocol/payload-types.js';
import type { Files } from './tampering.js';

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
export type JsonObject = { [name: string]: Json };

/** Something with a signature in a package: a document, a step in a log, or an attestation. */
export interface Signed {
  /** The file that holds it. */
  readonly path: string;
  readonly type: PayloadType;
  /** The key that has signed it. */
  readonly keyid: string;
  /** As it is about to be signed. */
  readonly body: JsonObject;
}

export interface Forgery {
  /** New contents of files; a copy of the same file elsewhere in the package changes with it. */
  readonly edits?: ReadonlyMap<string, (document: Json) => Json>;
  /** The same as bytes, which nothing is adapted in. */
  readonly bytes?: ReadonlyMap<string, Buffer>;
  /** Who signs something again; undefined leaves the signature that it has. */
  readonly signer: (signed: Signed) => Signer | undefined;
  /** Other words for words, such as one key for another. */
  readonly words?: ReadonlyMap<string, string>;
  /** How a document is written. Default: as canonical JSON. */
  readonly written?: (path: string, document: Json) => string;
  /** Files that are taken away, with every mention of them in a list. */
  readonly without?: readonly string[];
}

interface Draft {
  readonly path: string;
  /** Undefined for what is not JSON. */
  readonly document: Json | undefined;
  readonly bytes: Buffer;
  /** Words in it that may come to mean something else. */
  readonly words: ReadonlySet<string>;
}

const word = /[0-9a-f]{64}/g;
const manifestJson = 'manifest/manifest.json';
const manifestBinary = 'manifest/manifest.bin';

/**
 * Changes a package as a thorough forger would: whatever names what was changed is adapted, in every list, record,
 * statement, history and seal, and is signed again with the keys that the forger has.
 */
export class Forger {
  readonly #drafts: ReadonlyMap<string, Draft>;

  constructor(private readonly files: Files) {
    this.#drafts = new Map([...files].map(([path, bytes]) => [path, draftOf(path, bytes)]));
  }

  /** @returns the files that are changed, and null for those that are taken away */
  async forge(forgery: Forgery): Promise<Map<string, Buffer | null>> {
    const work = new Work(forgery);
    const gone = new Set(forgery.without);
    const drafts = [...this.#edited(forgery).values()].filter(({ path }) => !gone.has(path));
    let changed = new Set<string>(forgery.words?.keys());
    for (let round = 0; round === 0 || changed.size > 0; round += 1) {
      if (round > 50) throw new Error('The forgery does not come to an end.');
      const before = new Map(work.words);
      for (const draft of drafts)
        if (round === 0 || [...draft.words].some((one) => changed.has(one)))
          await work.write(draft, this.files);
      changed = new Set(
        [...work.words].filter(([from, to]) => before.get(from) !== to).map(([from]) => from),
      );
      if (round === 0) for (const path of gone) changed.add(path);
    }
    const result = new Map<string, Buffer | null>([...gone].map((path) => [path, null]));
    for (const [path, bytes] of work.written)
      if (!this.files.get(path)?.equals(bytes)) result.set(path, bytes);
    return result;
  }

  /** The drafts with the edits, in each copy of an edited file. */
  #edited({ edits = new Map(), bytes = new Map() }: Forgery): ReadonlyMap<string, Draft> {
    const drafts = new Map(this.#drafts);
    const change = (path: string, changed: (before: Draft) => Draft): void => {
      const before = this.#drafts.get(path);
      if (!before) throw new Error(`The package has no ${path}.`);
      for (const twin of this.#drafts.values())
        if (twin.bytes.equals(before.bytes)) drafts.set(twin.path, changed(twin));
    };
    for (const [path, edit] of edits)
      change(path, (before) => {
        const document = edit(structuredClone(before.document ?? null));
        return draftOf(before.path, Buffer.from(canonicalJson(document)));
      });
    for (const [path, content] of bytes)
      change(path, (before) => ({
        path: before.path,
        document: undefined,
        bytes: content,
        words: new Set(),
      }));
    return drafts;
  }
}

/** One forgery, as far as it has come. */
class Work {
  readonly words: Map<string, string>;
  readonly written = new Map<string, Buffer>();
  readonly #sizes = new Map<string, number>();
  #manifest: Json | undefined;

  constructor(private readonly forgery: Forgery) {
    this.words = new Map(forgery.words);
  }

  async write(draft: Draft, originals: Files): Promise<void> {
    const { path } = draft;
    const bytes = this.#bytesOf(draft);
    if (bytes === undefined) return;
    const original = originals.get(path);
    if (original) await this.#rename(original, bytes);
    this.written.set(path, bytes);
    const binary = originals.get(manifestBinary);
    if (path !== manifestJson || !binary || this.forgery.without?.includes(manifestBinary)) return;
    const encoded = binaryOf(this.#manifest ?? null) ?? binary;
    await this.#rename(binary, encoded);
    this.written.set(manifestBinary, encoded);
  }

  #bytesOf({ path, document, bytes }: Draft): Buffer | undefined {
    // It comes with the other manifest.
    if (path === manifestBinary) return undefined;
    if (document === undefined) return bytes;
    const made = this.#adapted(path, document);
    if (path === manifestJson) this.#manifest = made;
    return Buffer.from(this.forgery.written?.(path, made) ?? canonicalJson(made));
  }

  /** What named the original names the new bytes. */
  async #rename(original: Buffer, bytes: Buffer): Promise<void> {
    this.#sizes.set(sha256(bytes), bytes.length);
    if (original.equals(bytes)) return;
    this.words.set(sha256(original), sha256(bytes));
    this.words.set(await fsVerityOf(original), await fsVerityOf(bytes));
  }

  #adapted(path: string, value: Json): Json {
    if (typeof value === 'string')
      return this.words.get(value) ?? value.replace(word, (found) => this.words.get(found) ?? found);
    if (value === null || typeof value !== 'object') return value;
    if (Array.isArray(value)) {
      const kept = value.filter((one) => !this.#isGone(one)).map((one) => this.#adapted(path, one));
      return inOrder(kept);
    }
    if (isEnvelope(value)) return this.#envelope(path, value);
    const made: JsonObject = {};
    for (const [name, inner] of Object.entries(value))
      made[name] =
        name === 'data' && typeof inner === 'string' && 'metadata' in value
          ? this.#payload(path, inner)
          : name === 'verdicts' && Array.isArray(inner) && 'reason' in value
            ? (this.#adapted(path, inner) as string[]).sort()
            : this.#adapted(path, inner);
    this.#fitSize(made);
    return 'signature' in made ? this.#signed(path, value, made) : made;
  }

  /** Lists name a file by its path, and what is gone is not named any more. */
  #isGone(value: Json): boolean {
    if (value === null || typeof value !== 'object' || Array.isArray(value)) return false;
    const gone = this.forgery.without ?? [];
    return gone.some((path) => value.path === path || (value.name === path && 'digest' in value));
  }

  #fitSize(made: JsonObject): void {
    const { digest, sha256: bare, size } = made;
    const name = typeof digest === 'string' ? digest.slice('sha256:'.length) : bare;
    const known = typeof name === 'string' ? this.#sizes.get(name) : undefined;
    if (typeof size === 'number' && known !== undefined) made.size = known;
  }

  /** A value in a history is JSON in base64. */
  #payload(path: string, data: string): string {
    const text = Buffer.from(data, 'base64').toString();
    try {
      return Buffer.from(JSON.stringify(this.#adapted(path, JSON.parse(text)))).toString('base64');
    } catch {
      return data;
    }
  }

  #signed(path: string, before: JsonObject, made: JsonObject): JsonObject {
    const { signature, ...body } = made;
    const keyid = keyidIn(before.signature);
    const type = typeOf(body);
    const signer = keyid === undefined ? undefined : this.forgery.signer({ path, type, keyid, body });
    const signed: JsonObject = signer
      ? { ...signer.signed(type, body) }
      : { ...body, signature: signature ?? null };
    // Steps name one another, inside of a file.
    if (type === payloadType.step) this.#setWord(digestOfJson(before), digestOfJson(signed));
    return signed;
  }

  #setWord(from: string, to: string): void {
    if (from !== to) this.words.set(from.slice('sha256:'.length), to.slice('sha256:'.length));
  }

  #envelope(path: string, envelope: JsonObject): Json {
    const statement = JSON.parse(Buffer.from(String(envelope.payload), 'base64').toString());
    const made = this.#adapted(path, statement) as JsonObject;
    const [first] = envelope.signatures as JsonObject[];
    const keyid = String(first?.keyid);
    const signer = this.forgery.signer({ path, type: payloadType.statement, keyid, body: made });
    if (signer) return JSON.parse(JSON.stringify(signer.envelope(payloadType.statement, made)));
    return { ...envelope, payload: Buffer.from(canonicalJson(made)).toString('base64') };
  }
}

/** Keys are sorted by their ids where they came with the attestations. */
function inOrder(values: Json[]): Json[] {
  const ids = values.map((value) => keyidIn(value));
  const sortable = values.length > 1 && ids.every((id) => id !== undefined);
  const ownIds = new Set(ids).size === ids.length;
  if (!sortable || !ownIds || !values.every((value) => 'publicKey' in (value as JsonObject))) return values;
  const identities = values.map((value) => String((value as JsonObject).identity));
  const byIdentity = identities.every((one, index) => index === 0 || (identities[index - 1] ?? '') <= one);
  return byIdentity ? values : values.toSorted((a, b) => ((keyidIn(a) ?? '') < (keyidIn(b) ?? '') ? -1 : 1));
}

function keyidIn(value: Json | undefined): string | undefined {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return undefined;
  return typeof value.keyid === 'string' ? value.keyid : undefined;
}

const isEnvelope = (value: JsonObject): boolean => 'payloadType' in value && 'payload' in value;

/** What a signed document is, by its fields. */
function typeOf(body: JsonObject): PayloadType {
  if ('verifier' in body) return payloadType.verdict;
  if ('milestone' in body) return payloadType.step;
  if ('timings' in body) return payloadType.record;
  if ('reason' in body) return payloadType.waiver;
  if ('histories' in body) return payloadType.seal;
  throw new Error(`Nothing that is signed has the fields ${Object.keys(body).join(', ')}.`);
}

function draftOf(path: string, bytes: Buffer): Draft {
  // What a subject brought is no document of the package.
  const isDocument = path.endsWith('.json') && !path.startsWith('artifacts/files/');
  const document = isDocument ? (JSON.parse(bytes.toString()) as Json) : undefined;
  const words = new Set<string>();
  if (document !== undefined) wordsIn(document, words);
  return { path, document, bytes, words };
}

function wordsIn(value: Json, words: Set<string>): void {
  if (typeof value === 'string') {
    words.add(value);
    for (const [found] of value.matchAll(word)) words.add(found);
  } else if (Array.isArray(value)) for (const one of value) wordsIn(one, words);
  else if (value !== null && typeof value === 'object') {
    for (const [name, inner] of Object.entries(value)) {
      if (typeof inner === 'string' && (name === 'payload' || name === 'data')) {
        for (const [found] of Buffer.from(inner, 'base64').toString().matchAll(word)) words.add(found);
      }
      wordsIn(inner, words);
    }
  }
}

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

async function fsVerityOf(bytes: Buffer): Promise<string> {
  const { fsverity } = await fsVerityDigest(
    (async function* whole() {
      yield bytes;
    })(),
  );
  return fsverity;
}

/** What cannot be a manifest has no encoding: then the old one stays. */
function binaryOf(manifest: Json): Buffer | undefined {
  const parsed = packageManifestSchema.safeParse(manifest);
  return parsed.success ? encodeManifest(parsed.data) : undefined;
}
