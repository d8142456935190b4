import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ArtifactStore } from '../../libs/artifacts/artifact-store.js';
import { ifThere } from '../../libs/artifacts/if-there.js';
import type { ArtifactRef } from '../../libs/contracts/artifact.js';
import type { Seal } from '../../libs/contracts/evidence.js';
import { filesOfSeal } from '../../libs/evidence/seal-files.js';
import { layout } from '../../libs/packaging/layout.js';
import {
  type FileToWrite,
  publish,
  removeTemporary,
  writeBeside,
} from '../../libs/packaging/write-folder.js';

/**
 * Writes what comes with a seal into the run's folder: first `histories`, then `seal`, by which the run is sealed.
 * Each is written under a temporary name and renamed; one that is there already and the same is left as it is, and
 * what an attempt that was cut off left in its place is replaced.
 */
export async function writeSealFolders(
  store: ArtifactStore,
  folder: string,
  seal: Seal,
  ref: ArtifactRef,
): Promise<void> {
  const files = filesOfSeal(seal, ref);
  for (const name of [layout.histories, layout.seal]) {
    const prefix = `${name}/`;
    const inside = files
      .filter(({ path }) => path.startsWith(prefix))
      .map(({ path, digest }) => ({ path: path.slice(prefix.length), digest }));
    await writeFolder(store, join(folder, name), inside);
  }
}

async function writeFolder(
  store: ArtifactStore,
  target: string,
  files: readonly FileToWrite[],
): Promise<void> {
  await removeTemporary(target);
  if (await holds(target, files)) return;
  const temporary = await writeBeside(store, target, files);
  try {
    if (await publish(temporary, target)) return;
    const aside = `${temporary}.replaced`;
    await rename(target, aside);
    await publish(temporary, target);
    await rm(aside, { recursive: true, force: true });
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    throw error;
  }
}

/** Whether a folder has exactly these files. */
async function holds(folder: string, files: readonly FileToWrite[]): Promise<boolean> {
  const entries = await ifThere(readdir(folder, { recursive: true, withFileTypes: true }));
  const found = (entries ?? []).filter((entry) => !entry.isDirectory());
  if (found.length !== files.length || !found.every((entry) => entry.isFile())) return false;
  for (const { path, digest } of files) {
    const hash = createHash('sha256');
    const read = await ifThere(
      (async () => {
        for await (const chunk of createReadStream(join(folder, path))) hash.update(chunk);
        return true;
      })(),
    );
    if (!read || `sha256:${hash.digest('hex')}` !== digest) return false;
  }
  return true;
}
