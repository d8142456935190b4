import { readFile, truncate, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ArtifactStore } from '../../artifacts/artifact-store.js';
import { mediaType } from '../../artifacts/media-types.js';
import { openStore } from '../../artifacts/open-store.js';
import { readSnapshot } from '../../artifacts/snapshot/read-snapshot.js';
import { type AcceptedRequest, acceptedRequestSchema, type Execution } from '../../contracts/phase.js';
import type { Digest } from '../../protocol/digest.js';
import { HeptadError } from '../../protocol/errors.js';
import type { Judged } from '../judged.js';
import { readInput } from '../read-input.js';

/** Files larger than this many bytes are not copied to be damaged. */
const largest = 16 * 1024 * 1024;

interface Tried {
  readonly name: string;
  readonly rejection: string | null;
}

/**
 * Copies one artifact of each kind to a private store, damages the copy's file in each way, and reads it: the store
 * must reject it.
 */
export async function storeAttacks(judged: Judged, execution: Execution, folder: string): Promise<Tried[]> {
  const accepted = await readInput(judged, 'accepted', acceptedRequestSchema);
  const tried: Tried[] = [];
  for (const [kind, digest] of await oneOfEachKind(judged, execution, accepted)) {
    if ((await judged.store.size(digest)) > largest) continue;
    const bytes = await judged.store.get(digest);
    for (const [way, damage] of Object.entries(damages)) {
      // Each in a store of its own: what one damage left would hide what the next one does.
      const place = join(folder, way, kind);
      const store = openStore(place);
      await store.put(bytes, mediaType.bytes);
      await damage(pathOf(place, digest), bytes.length);
      tried.push({ name: `${way}:${kind}`, rejection: await refusalOf(store, digest) });
    }
  }
  return tried;
}

/** Ways to damage a file of some bytes; an empty file gains one. */
const damages: Readonly<Record<string, (path: string, size: number) => Promise<void>>> = {
  'flipped-byte': async (path, size) => {
    const bytes = await readFile(path);
    const at = Math.floor(size / 2);
    await writeFile(path, size === 0 ? Buffer.from([1]) : bytes.fill((bytes[at] ?? 0) ^ 1, at, at + 1));
  },
  'cut-or-grown': async (path, size) => {
    if (size === 0) await writeFile(path, Buffer.from([0]));
    else await truncate(path, size - 1);
  },
  removed: (path) => unlink(path),
};

/** Where the store in a folder keeps an artifact. */
function pathOf(folder: string, digest: Digest): string {
  const name = digest.slice('sha256:'.length);
  return join(folder, 'sha256', name.slice(0, 2), name);
}

async function refusalOf(store: ArtifactStore, digest: Digest): Promise<string | null> {
  try {
    await store.get(digest);
    return null;
  } catch (error) {
    if (
      error instanceof HeptadError &&
      (error.code === 'ArtifactCorrupt' || error.code === 'ArtifactUnknown')
    )
      return `${error.code}: ${error.message}`;
    throw error;
  }
}

async function oneOfEachKind(
  { store, input, output }: Judged,
  { results }: Execution,
  { request, captured }: AcceptedRequest,
): Promise<Map<string, Digest>> {
  const kinds = new Map<string, Digest>([['execution', output.digest]]);
  for (const [name, { digest }] of Object.entries(input)) kinds.set(name, digest);
  kinds.set('template', request.template.digest);
  kinds.set('snapshot', captured.snapshot.digest);
  const { entries } = await readSnapshot(store, captured.snapshot);
  const file = entries.find((entry) => entry.kind === 'file');
  if (file?.kind === 'file') kinds.set('file', file.digest);
  for (const { agent, outcome, measurements, workspace } of results) {
    kinds.set('outcome', outcome.digest);
    if (agent) kinds.set('manifest', agent.manifest);
    if (measurements) kinds.set('measurements', measurements.digest);
    if (workspace) kinds.set('workspace', workspace.digest);
  }
  return kinds;
}
