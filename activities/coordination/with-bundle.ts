import { z } from 'zod';
import type { ArtifactStore } from '../../libs/artifacts/artifact-store.js';
import type { BarrierItem } from '../../libs/contracts/activities.js';
import { itemResultSchema } from '../../libs/contracts/graph.js';

const bundleSchema = z.array(itemResultSchema);

/** A barrier with the results that it was given as an artifact. */
export async function withBundle(store: ArtifactStore, barrier: BarrierItem): Promise<BarrierItem> {
  const { bundle } = barrier;
  return bundle ? { ...barrier, results: await store.getJson(bundle.digest, bundleSchema) } : barrier;
}
