import { Header, Pax } from 'tar';
import type { ArtifactStore } from '../artifacts/artifact-store.js';
import type { FileToWrite } from '../packaging/write-folder.js';

const block = 512;

/**
 * A package as a tar archive: its files in the order given, each below `folder`, without owners and times. The same
 * files give the same bytes.
 */
export async function* packageTar(
  store: ArtifactStore,
  folder: string,
  files: readonly FileToWrite[],
): AsyncGenerator<Uint8Array> {
  for (const { path, digest } of files) {
    const size = await store.size(digest);
    yield headerOf(`${folder}/${path}`, size);
    yield* store.stream(digest);
    if (size % block > 0) yield Buffer.alloc(block - (size % block));
  }
  yield Buffer.alloc(2 * block);
}

function headerOf(path: string, size: number): Buffer {
  const header = new Header({ path, size, mode: 0o644, type: 'File', mtime: new Date(0) });
  const own = Buffer.alloc(block);
  if (!header.encode(own)) return own;
  return Buffer.concat([new Pax({ path, size }).encode(), own]);
}
