import { z } from 'zod';
import { artifactRefSchema, digestSchema } from '../artifact.js';
import { snapshotRefSchema } from '../subject.js';
import { fitnessMeasurementsSchema } from './fitness.js';

/** One way to have a part. Its bytes are an artifact. */
export const variantSchema = z.strictObject({
  /**
   * Of a file's bytes, of the path that a link leads to, of a hunk's lines with their ends, of a node's JSON. Null: the file
   * or node is not there.
   */
  digest: digestSchema.nullable(),
  /** The items of all parents that have it so; `base` alone for the captured subject. */
  from: z.array(z.string()).min(1),
});

/**
 * A part over which candidates are crossed: a file, a hunk of it, or a node of a JSON file. A file of which pieces were
 * combined stands as its hunks or nodes, in order; the rest of it is as it was captured.
 */
export const partSchema = z.strictObject({
  id: z.string(),
  path: z.string(),
  kind: z.enum(['file', 'hunk', 'json']),
  /**
   * The lines `first-last` of the captured file that it stands for, from 1 (where lines are only added, `first` is the line
   * before which they are and `last` the one before it), or the JSON pointer; null for a whole file.
   */
  where: z.string().nullable(),
  /** The captured one first. */
  variants: z.array(variantSchema).min(2),
});
export type Part = z.infer<typeof partSchema>;

/** One built and tested combination. */
export const evaluationSchema = z.strictObject({
  /** From 1, in order. */
  number: z.int().positive(),
  generation: z.int().nonnegative(),
  /** The chosen variant of each part, from 0, in the order of the parts. */
  genome: z.array(z.int().nonnegative()),
  workspace: digestSchema,
  eligible: z.boolean(),
  reason: z.string(),
  measurements: fitnessMeasurementsSchema.nullable(),
  fitness: z.number().nullable(),
  /** Outcome of its validation (`ValidationReport`); null where that ended without one. */
  validation: digestSchema.nullable(),
});

/** `merge`: how Model D came to be. An outcome: it names no time, host or order of arrival. */
export const mergeReportSchema = z.strictObject({
  kind: z.literal('merge'),
  /** From which every draw follows. */
  seed: digestSchema,
  parents: z.array(
    z.strictObject({
      candidate: z.string(),
      item: z.string(),
      workspace: digestSchema,
      eligible: z.boolean(),
      fitness: z.number().nullable(),
    }),
  ),
  parts: z.array(partSchema),
  evaluations: z.array(evaluationSchema),
  /** The bound that was given, and what ended the search. */
  budget: z.strictObject({ evaluations: z.int().nonnegative() }),
  stopped: z.enum(['nothing-to-merge', 'no-better-neighbour', 'evaluations', 'time']),
  result: z.strictObject({
    /** `D`, or the parent's letter where nothing better was found. */
    candidate: z.string(),
    workspace: snapshotRefSchema,
    fitness: z.number(),
    measurements: fitnessMeasurementsSchema,
    validation: artifactRefSchema,
    /** True: better than every parent. */
    improved: z.boolean(),
    says: z.string(),
    /** For each part: from whom D has it. */
    lineage: z.array(z.strictObject({ part: z.string(), path: z.string(), from: z.array(z.string()) })),
  }),
});
export type MergeReport = z.infer<typeof mergeReportSchema>;
