import { type ArtifactRef, artifactRefSchema } from '../contracts/artifact.js';
import type { SnapshotRef } from '../contracts/subject.js';
import { snapshotRefSchema } from '../contracts/subject.js';
import { type Digest, isDigest } from '../protocol/digest.js';

/** A digest that a document names, and how it names it. */
export type NamedDigest =
  | { readonly kind: 'artifact'; readonly path: string; readonly ref: ArtifactRef }
  | { readonly kind: 'snapshot'; readonly path: string; readonly ref: SnapshotRef }
  | { readonly kind: 'digest'; readonly path: string; readonly digest: Digest };

/**
 * Every digest that a document names, with its JSON pointer.
 *
 * @param except pointers of values that people wrote, where a text may look like a digest and be none
 */
export function namedDigests(value: unknown, except: readonly string[] = [], path = ''): NamedDigest[] {
  if (except.includes(path)) return [];
  if (typeof value === 'string') return isDigest(value) ? [{ kind: 'digest', path, digest: value }] : [];
  if (typeof value !== 'object' || value === null) return [];
  const artifact = artifactRefSchema.safeParse(value);
  if (artifact.success) return [{ kind: 'artifact', path, ref: artifact.data }];
  const snapshot = snapshotRefSchema.safeParse(value);
  if (snapshot.success) return [{ kind: 'snapshot', path, ref: snapshot.data }];
  return Object.entries(value).flatMap(([key, part]) =>
    namedDigests(part, except, `${path}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`),
  );
}
