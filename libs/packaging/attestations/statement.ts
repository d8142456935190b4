import type { Digest } from '../../protocol/digest.js';
import { byCodeUnit } from '../../synthesis/order.js';
import { layout } from '../layout.js';
import type { AttestedRun } from './attested-run.js';

/** SHA-256 as in-toto writes it. */
export interface DigestSet {
  readonly sha256: string;
}

/** An in-toto Statement v1 on every file of a package. */
export interface Statement<Predicate> {
  readonly _type: 'https://in-toto.io/Statement/v1';
  readonly subject: readonly { readonly name: string; readonly digest: DigestSet }[];
  readonly predicateType: string;
  readonly predicate: Predicate;
}

/**
 * States something of a package. Its subjects are the files that the manifest lists and the three of the manifest
 * itself, by path.
 */
export function statementOn<Predicate>(
  { staged, manifest }: AttestedRun,
  predicateType: string,
  predicate: Predicate,
): Statement<Predicate> {
  const subject = [
    ...manifest.files.map(({ path, sha256 }) => ({ name: path, digest: { sha256 } })),
    { name: layout.manifest.json, digest: digestSet(staged.manifest.digest) },
    { name: layout.manifest.binary, digest: digestSet(staged.manifestBinary.digest) },
    { name: layout.manifest.schema, digest: digestSet(staged.manifestSchema.digest) },
  ].sort((a, b) => byCodeUnit(a.name, b.name));
  return { _type: 'https://in-toto.io/Statement/v1', subject, predicateType, predicate };
}

export const digestSet = (digest: Digest): DigestSet => ({ sha256: digest.slice('sha256:'.length) });

/** The names that Heptad's statements use; docs/reference/attestations.md says what they stand for. */
export const urn = {
  buildType: 'urn:heptad:build-type:run:v1',
  builder: 'urn:heptad:builder:v1',
  verifier: 'urn:heptad:verifier:v1',
  package: (run: string): string => `urn:heptad:package:${run}`,
  template: (name: string, version: string): string => `urn:heptad:template:${name}@${version}`,
  agent: (id: string, version: string): string => `urn:heptad:agent:${id}@${version}`,
  snapshot: (digest: Digest): string => `urn:heptad:snapshot:${digest}`,
} as const;
