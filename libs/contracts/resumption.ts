import { z } from 'zod';
import { digestSchema } from './artifact.js';
import { discoverySchema } from './discovery.js';
import { itemResultSchema } from './graph.js';
import { capturedSubjectSchema } from './subject.js';

/** How a run goes on from an earlier one. */
const continuations = ['rollback', 'rerun', 'continue'] as const;

/** The run that a run goes on from, and how. */
export const continuedFromSchema = z.strictObject({ run: z.string(), how: z.enum(continuations) });

/** What a run is given of what an earlier one committed: an artifact, named by the request of the later run. */
export const resumptionSchema = z.strictObject({
  kind: z.literal('resumption'),
  version: z.literal(1),
  how: z.enum(continuations),
  /** The earlier run. */
  run: z.string(),
  /** The first run of all that went on from one another. What names secrets in reports is keyed by it. */
  origin: z.string(),
  /** Digest of the template; the later run uses the same one. */
  template: digestSchema,
  /** Id of the rollback point; null where it is none. */
  point: z.string().nullable(),
  /** The item that is done again, with all that depends on it; null where there is none. */
  item: z.string().nullable(),
  /** The subject. Where a run continues, its workspace is the last one of the earlier run. */
  captured: capturedSubjectSchema,
  /** What is not done again, in the order of the graph. Whatever an item of these comes after is among them, too. */
  results: z.array(itemResultSchema),
  /** Digest of the workspace that was handed back last; null where several candidates have one each. */
  workspace: digestSchema.nullable(),
  /** What was found and left for another run; `blockedBy` names others of this list alone. */
  discoveries: z.array(discoverySchema),
  /** Of the canonical JSON of `workspace` and `results`. */
  state: digestSchema,
});
export type Resumption = z.infer<typeof resumptionSchema>;

/** A state of a run that another run can start from. */
export const rollbackPointSchema = z.strictObject({
  /** `subject`, `after-ITEM`, or `executed`. */
  id: z.string(),
  /** When it was reached. ISO 8601. */
  at: z.string(),
  /** The barrier that it is behind; null for the first and the last point. */
  after: z.string().nullable(),
  /** Digest of the workspace that was handed back last; null where several candidates have one each. */
  workspace: digestSchema.nullable(),
  /** The items whose results are taken over, in the order of the graph. */
  items: z.array(z.string()),
  /** Of the canonical JSON of the workspace's digest and the results. */
  state: digestSchema,
});
export type RollbackPoint = z.infer<typeof rollbackPointSchema>;

export const rollbackPointsSchema = z.strictObject({ points: z.array(rollbackPointSchema) });

/** The body of `POST /v1/runs/{id}/rollback`. */
export const rollbackSchema = z.strictObject({
  /** Id of a rollback point. Default: the last one. */
  point: z.string().min(1).max(100).optional(),
});
export type Rollback = z.infer<typeof rollbackSchema>;

/** The body of `POST /v1/runs/{id}/rerun`. */
export const rerunSchema = z.strictObject({ item: z.string().min(1).max(100) });
export type Rerun = z.infer<typeof rerunSchema>;
