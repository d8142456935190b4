import { mediaType } from '../../libs/artifacts/media-types.js';
import type { GraphActivities } from '../../libs/contracts/activities.js';
import type { GraphDependencies } from './dependencies.js';

/** Keeps a part of a workflow's state, which the next run of its chain reads. */
export const keepText =
  ({ store }: GraphDependencies): GraphActivities['keepText'] =>
  async ({ text }) => ({ text: await store.put(text, mediaType.text) });

/**
 * Reads what {@link keepText} kept.
 *
 * @throws HeptadError `ArtifactUnknown`, `ArtifactCorrupt`
 */
export const readText =
  ({ store }: GraphDependencies): GraphActivities['readText'] =>
  async ({ text }) => ({ text: (await store.get(text.digest)).toString('utf8') });
