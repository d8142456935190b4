import type { ArtifactStore } from '../artifacts/artifact-store.js';
import type { Resumption } from '../contracts/resumption.js';
import type { Digest } from '../protocol/digest.js';
import { HeptadError } from '../protocol/errors.js';
import { byteProblems } from '../verification/check-bytes.js';
import { namedDigests } from '../verification/named-digests.js';
import { digestOfState } from './state.js';

interface Source {
  readonly store: ArtifactStore;
  /** Digests whose bytes were hashed and found right already. */
  readonly verified: Set<Digest>;
}

/**
 * Why the state that a run goes on from is not whole, as sentences: its digest is another, or bytes that it names are
 * gone or changed. Every artifact, and every file of every workspace, is read and hashed.
 */
export async function stateProblems(source: Source, resumption: Resumption): Promise<string[]> {
  const state = digestOfState(resumption);
  const bytes = await byteProblems(source, namedDigests(resumption, written(resumption)));
  return [
    ...(state === resumption.state
      ? []
      : [`Its workspace and results have the digest ${state}, not ${resumption.state}.`]),
    ...bytes,
  ];
}

/**
 * Makes sure that the state that a run goes on from is whole.
 *
 * @throws HeptadError `EvidenceInvalid` the state is another than its digest says
 * @throws HeptadError `ArtifactCorrupt` bytes that it names are gone or changed; each is named
 */
export async function wholeState(store: ArtifactStore, resumption: Resumption): Promise<void> {
  const problems = await stateProblems({ store, verified: new Set() }, resumption);
  if (problems.length === 0) return;
  const code = digestOfState(resumption) === resumption.state ? 'ArtifactCorrupt' : 'EvidenceInvalid';
  throw new HeptadError(
    code,
    `What the run ${resumption.run} committed is not as it was, so nothing goes on from it:\n${problems.map((problem) => `  ${problem}`).join('\n')}`,
    { problems: problems.map((reason) => ({ path: '/resume', reason })) },
  );
}

/** Values that people and agents wrote, and digests of what is no artifact: pointers that are not searched. */
const written = ({ results }: Resumption): string[] => [
  '/captured/subject',
  '/discoveries',
  '/state',
  ...results.flatMap((_, index) => [`/results/${index}/facts`, `/results/${index}/summary`]),
];
