import type { ZodType } from 'zod';
import type { ArtifactStore } from '../artifacts/artifact-store.js';
import { canonicalJson } from '../artifacts/canonical-json.js';
import { parseJson } from '../artifacts/parse-json.js';
import { type Verdict, verdictSchema } from '../contracts/evidence.js';
import { type Waiver, waiverSchema } from '../contracts/waiver.js';
import type { Digest } from '../protocol/digest.js';
import { type ErrorCode, HeptadError } from '../protocol/errors.js';
import type { NamedDocuments, Verification } from './verification-problems.js';

/** Reads the verdicts and the waiver that a record names. What is not there, or is not canonical, is left out. */
export async function readNamedDocuments(
  store: ArtifactStore,
  { verdicts, waiver }: Pick<Verification, 'verdicts' | 'waiver'>,
): Promise<NamedDocuments> {
  const read: [Digest, Verdict][] = [];
  for (const { verdict } of verdicts) {
    const found = await readSigned(store, verdict, verdictSchema);
    if (found) read.push([verdict, found]);
  }
  const waived: Waiver | undefined = waiver ? await readSigned(store, waiver, waiverSchema) : undefined;
  return { verdicts: new Map(read), waivers: new Map(waiver && waived ? [[waiver, waived]] : []) };
}

/** A signed document; undefined where its artifact is missing, corrupt, of another form, or not canonical JSON. */
export async function readSigned<T>(
  store: ArtifactStore,
  digest: Digest,
  schema: ZodType<T>,
): Promise<T | undefined> {
  try {
    const bytes = await store.get(digest);
    const document = parseJson(bytes, schema, `The artifact ${digest}`);
    return canonicalJson(document) === bytes.toString('utf8') ? document : undefined;
  } catch (error) {
    if (error instanceof HeptadError && unreadable.has(error.code)) return undefined;
    throw error;
  }
}

const unreadable: ReadonlySet<ErrorCode> = new Set([
  'ArtifactCorrupt',
  'ArtifactTooLarge',
  'ArtifactUnknown',
  'InputInvalid',
]);
