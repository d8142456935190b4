import { mkdir, readFile, truncate, unlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ArtifactStore } from '../../artifacts/artifact-store.js';
import { openStore } from '../../artifacts/open-store.js';
import type { Digest } from '../../protocol/digest.js';
import { HeptadError } from '../../protocol/errors.js';
import { jsonSchema } from '../json-schema.js';
import type { Judged } from '../judged.js';
import { namedDigests } from '../named-digests.js';
import type { Tried } from './tried.js';

/** Files larger than this many bytes are not copied to be damaged. */
const largest = 16 * 1024 * 1024;

/** Artifacts of which a copy is damaged in each way. */
const most = 16;

/**
 * Copies artifacts of each kind that the output names to a private store, damages the copy's file in each way, and
 * reads it: the store must reject it, and must have given the copy before it was damaged.
 */
export async function storeAttacks(
  judged: Judged,
  folder: string,
): Promise<{ readonly control: string | null; readonly tried: Tried[] }> {
  const tried: Tried[] = [];
  let control: string | null = null;
  for (const [index, [kind, digest]] of (await oneOfEachKind(judged)).slice(0, most).entries()) {
    if ((await judged.store.size(digest)) > largest) continue;
    const bytes = await judged.store.get(digest);
    for (const [way, damage] of Object.entries(damages)) {
      // Each in a store of its own: what one damage left would hide what the next one does.
      const place = join(folder, way, String(index));
      const path = await placeCopy(place, digest, bytes);
      const store = openStore(place);
      control ??= await refusalOf(store, digest);
      await damage(path, bytes.length);
      tried.push({ name: `${way}:${kind}`, rejection: await refusalOf(store, digest) });
    }
  }
  return { control, tried };
}

/** Writes an artifact's file to where the store in a folder keeps it, without waiting for the disk. */
export async function placeCopy(folder: string, digest: Digest, bytes: Uint8Array): Promise<string> {
  const name = digest.slice('sha256:'.length);
  const path = join(folder, 'sha256', name.slice(0, 2), name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, bytes);
  return path;
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

/** The output, its inputs, and the first artifact at each place that the output has for one. */
async function oneOfEachKind({ store, input, output }: Judged): Promise<[string, Digest][]> {
  const kinds = new Map<string, Digest>([['output', output.digest]]);
  for (const [name, { digest }] of Object.entries(input)) kinds.set(`input-${name}`, digest);
  for (const named of namedDigests(await store.getJson(output.digest, jsonSchema))) {
    const digest = named.kind === 'digest' ? named.digest : named.ref.digest;
    const kind = named.path.slice(1).replaceAll(/\/\d+/g, '').replaceAll('/', '-');
    if (!kinds.has(kind) && (await store.has(digest))) kinds.set(kind, digest);
  }
  return [...kinds].sort(([one], [other]) => (one < other ? -1 : 1));
}
