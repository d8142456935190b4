import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ArtifactStore } from '../../libs/artifacts/artifact-store.js';
import { openStore } from '../../libs/artifacts/open-store.js';
import { temporaryFolder } from './temporary-folder.js';

/** Where a run is made by hand: a real store, and `scratch` beside it, which are gone when the test is. */
export async function runGround(): Promise<{ readonly folder: string; readonly store: ArtifactStore }> {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'scratch'));
  return { folder, store: openStore(join(folder, 'artifacts')) };
}
