import { z } from 'zod';
import type { ArtifactStore } from '../artifacts/artifact-store.js';
import { canonicalJson } from '../artifacts/canonical-json.js';
import { parseJson } from '../artifacts/parse-json.js';
import { artifactRefSchema } from '../contracts/artifact.js';
import type { Digest } from '../protocol/digest.js';

const validatedSchema = z.strictObject({
  /** Null where it ended without a report; then `failure` is the code. */
  outcome: artifactRefSchema.nullable(),
  failure: z.string().nullable(),
});

/** How one validation of a combination ended. */
export type Validated = z.infer<typeof validatedSchema>;

/** What attempts of a merge found, by workspace, so that a later attempt goes on from there. */
export interface KeptEvaluations {
  /** Undefined where it was not validated, or where its reports are gone. */
  readonly get: (workspace: Digest) => Promise<Validated[] | undefined>;
  readonly keep: (workspace: Digest, validated: readonly Validated[]) => Promise<void>;
  /** Removes all of them; no attempt follows any more. */
  readonly forget: () => Promise<void>;
}

const keptSchema = z.array(validatedSchema);

/** The validations of a run's combinations as entries `merges/RUN/WORKSPACE.json` of the store. */
export function keptEvaluations(store: ArtifactStore, run: string): KeptEvaluations {
  const prefix = `merges/${run}/`;
  const nameOf = (workspace: Digest): string => `${prefix}${workspace.slice('sha256:'.length)}.json`;
  return {
    get: async (workspace) => {
      const name = nameOf(workspace);
      const bytes = await store.entries.get(name);
      if (!bytes) return undefined;
      const validated = parseJson(bytes, keptSchema, `The entry ${name}`);
      const there = await Promise.all(validated.map(({ outcome }) => !outcome || store.has(outcome.digest)));
      return there.every(Boolean) ? validated : undefined;
    },
    keep: async (workspace, validated) => {
      await store.entries.put(nameOf(workspace), canonicalJson(validated));
    },
    forget: async () => {
      for (const name of await store.entries.list(prefix)) await store.entries.delete(name);
    },
  };
}
