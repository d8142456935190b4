import type { Digest } from '../../protocol/digest.js';
import type { ArtifactStore } from '../artifact-store.js';
import { digestsIn } from './digests-in.js';

/** Every digest that stands in the named JSON entries whose names start with a prefix, such as `seals/`. */
export async function* rootsOfEntries(store: ArtifactStore, prefix: string): AsyncIterable<Digest> {
  for (const name of await store.entries.list(prefix)) {
    const bytes = await store.entries.get(name);
    if (bytes === undefined) continue;
    for await (const { digest } of digestsIn([bytes])) yield digest;
  }
}
