import { z } from 'zod';
import type { ArtifactStore } from '../../libs/artifacts/artifact-store.js';
import type { BarrierItem } from '../../libs/contracts/activities.js';
import { graphItemSchema, itemResultSchema } from '../../libs/contracts/graph.js';

const bundleSchema = z.strictObject({ results: z.array(itemResultSchema), added: z.array(graphItemSchema) });

/** A barrier with its results, and the items that were added for them, wherever they travelled. */
export async function withBundle(store: ArtifactStore, barrier: BarrierItem): Promise<BarrierItem> {
  const { bundle } = barrier;
  return bundle ? { ...barrier, ...(await store.getJson(bundle.digest, bundleSchema)) } : barrier;
}
