import { createHash } from 'node:crypto';
import type { ArtifactStore } from '../artifacts/artifact-store.js';
import { parseJson } from '../artifacts/parse-json.js';
import { type Step, stepSchema } from '../contracts/evidence.js';
import type { Digest } from '../protocol/digest.js';
import { type ActivityName, activityPrefix, workflowPrefix } from './activity-name.js';

/** A step, and the digest of its bytes. */
export interface ProvenStep {
  readonly step: Step;
  readonly digest: Digest;
}

/** Name of the entry of a step of an activity, beside its attempts. */
export const stepEntryName = (activity: ActivityName, number: number): string =>
  `${activityPrefix(activity)}step-${String(number).padStart(6, '0')}.json`;

/** The steps of an activity in the order of their numbers; whether they are a chain is not looked at. */
export async function readChain(store: ArtifactStore, activity: ActivityName): Promise<ProvenStep[]> {
  return await readEntries(store, await store.entries.list(`${activityPrefix(activity)}step-`));
}

/** The steps of all activities of a workflow, by activity and number. */
export async function readSteps(
  store: ArtifactStore,
  run: string,
  workflowId: string,
): Promise<ProvenStep[]> {
  const names = await store.entries.list(workflowPrefix(run, workflowId));
  return await readEntries(
    store,
    names.filter((name) => /\/step-\d{6,}\.json$/.test(name)),
  );
}

async function readEntries(store: ArtifactStore, names: readonly string[]): Promise<ProvenStep[]> {
  const steps: ProvenStep[] = [];
  for (const name of names) {
    const bytes = await store.entries.get(name);
    if (!bytes) continue;
    steps.push({
      step: parseJson(bytes, stepSchema, `The entry ${name}`),
      digest: `sha256:${createHash('sha256').update(bytes).digest('hex')}`,
    });
  }
  return steps;
}
