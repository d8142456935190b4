import { z } from 'zod';
import type { ArtifactStore } from '../artifacts/artifact-store.js';
import { canonicalJson } from '../artifacts/canonical-json.js';
import { digestOfJson } from '../artifacts/digest-of-json.js';
import { parseJson } from '../artifacts/parse-json.js';
import type { AgentResult } from '../contracts/agent.js';
import { artifactRefSchema } from '../contracts/artifact.js';
import { snapshotRefSchema } from '../contracts/subject.js';
import type { CompleteAgentRun } from './agent-run-of.js';

const entrySchema = z.strictObject({
  outcome: artifactRefSchema,
  measurements: artifactRefSchema,
  workspace: snapshotRefSchema.optional(),
});

/** A result that was made before. */
export type CachedResult = z.infer<typeof entrySchema>;

export interface CachedResults {
  /** Undefined where there is none, or its bytes are gone. */
  find(): Promise<CachedResult | undefined>;
  keep(result: AgentResult): Promise<void>;
}

/**
 * Results by what they were made from: the agent's manifest, the workspaces, the inputs, the parameters and the contract
 * of the outcome. Neither the run nor its key for secrets nor the budget is part of it. Null for agents that declare themselves not
 * reproducible: a result of theirs is one of several.
 */
export function cachedResults(
  store: ArtifactStore,
  { manifest, run, before, expected, done }: CompleteAgentRun,
): CachedResults | null {
  if (manifest.comparison !== 'digest') return null;
  const { run: _, item: __, parameters: all, budget: _budget, ...made } = run;
  const { secretsKey: ___, ...parameters } = all;
  const key = digestOfJson({ ...made, parameters, before: before ?? null, expected, done });
  const name = `cache/${key.replace(':', '-')}.json`;
  return {
    find: async () => {
      const bytes = await store.entries.get(name);
      if (!bytes) return undefined;
      const entry = parseJson(bytes, entrySchema, `The entry ${name}`);
      const named = [
        entry.outcome.digest,
        entry.measurements.digest,
        ...(entry.workspace ? [entry.workspace.digest] : []),
      ];
      const there = await Promise.all(named.map((digest) => store.keep(digest)));
      return there.every(Boolean) ? entry : undefined;
    },
    keep: async ({ outcome, measurements, workspace }) => {
      await store.entries.put(
        name,
        canonicalJson({ outcome, measurements, ...(workspace ? { workspace } : {}) }),
      );
    },
  };
}
