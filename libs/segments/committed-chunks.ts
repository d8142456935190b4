import type { ArtifactStore } from '../artifacts/artifact-store.js';
import { canonicalJson } from '../artifacts/canonical-json.js';
import { mediaType } from '../artifacts/media-types.js';
import { parseJson } from '../artifacts/parse-json.js';
import { type CommittedChunk, committedChunkSchema } from '../contracts/reports/segment.js';
import { HeptadError } from '../protocol/errors.js';
import type { InputsDone } from './work-on-inputs.js';

/** Bytes of a chunk's results beyond which they are refused: 4 MiB can be parsed without holding others up. */
const largest = 4 * 1024 * 1024;

/** What the names of all chunks of a run's segments begin with. */
export const segmentsPrefix = (run: string): string => `segments/${run}/`;

/** The chunks of a segment as entries `PREFIX/NUMBER.json` of the store; the number is the chunk's, from 0. */
export interface CommittedChunks {
  /** Those that are there, by number. One whose results are gone is left out. */
  readonly read: () => Promise<Map<number, CommittedChunk>>;
  /**
   * Stores the results of a chunk, and names them as the chunk's unless another execution came first.
   *
   * @returns the committed chunk, whoever executed it
   * @throws HeptadError `SandboxLimit` the results are too large together; `ArtifactUnknown` another execution's results
   *   were committed and are gone
   */
  readonly commit: (number: number, first: number, done: InputsDone) => Promise<CommittedChunk>;
}

export function committedChunks(store: ArtifactStore, prefix: string): CommittedChunks {
  const nameOf = (number: number): string => `${prefix}/${String(number).padStart(6, '0')}.json`;
  const get = async (name: string): Promise<CommittedChunk | undefined> => {
    const bytes = await store.entries.get(name);
    return bytes && parseJson(bytes, committedChunkSchema, `The entry ${name}`);
  };
  return {
    read: async () => {
      const found = new Map<number, CommittedChunk>();
      for (const name of await store.entries.list(`${prefix}/`)) {
        const chunk = await get(name);
        if (chunk && (await store.has(chunk.results.digest)))
          found.set(Number(name.slice(prefix.length + 1, -'.json'.length)), chunk);
      }
      return found;
    },
    commit: async (number, first, { results, completed, failed }) => {
      if (Buffer.byteLength(results) > largest)
        throw new HeptadError(
          'SandboxLimit',
          `The outputs of the inputs from ${first} on have over ${largest} bytes together.`,
        );
      const own: CommittedChunk = {
        first,
        count: completed + failed.length,
        completed,
        failed: [...failed],
        results: await store.put(results, mediaType.json),
      };
      const name = nameOf(number);
      if (await store.entries.put(name, canonicalJson(own), { ifAbsent: true })) return own;
      const committed = await get(name);
      if (committed && (await store.has(committed.results.digest))) return committed;
      throw new HeptadError('ArtifactUnknown', `The results that ${name} names are gone.`);
    },
  };
}

/** Removes the names of all chunks of a run; no execution of its segments follows any more. */
export async function forgetChunks(store: ArtifactStore, run: string): Promise<void> {
  for (const name of await store.entries.list(segmentsPrefix(run))) await store.entries.delete(name);
}
