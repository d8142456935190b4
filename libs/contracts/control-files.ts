import { z } from 'zod';
import { digestSchema } from './artifact.js';
import { discoveryFates, discoverySchema } from './discovery.js';

/** Files at the root of a subject that say what is to be done: a procedure and a backlog. */
export const controlFileNames = ['.sop', '.todo'] as const;
export type ControlFileName = (typeof controlFileNames)[number];

/** Stands for the control files where an item says what it was made for. No item of a template can have this id. */
export const controlFilesId = '.control-files';

/** What is wrong with a control file, and where; lines and columns count from 1. */
export const controlProblemSchema = z.strictObject({
  line: z.int().positive(),
  column: z.int().positive(),
  says: z.string(),
});
export type ControlProblem = z.infer<typeof controlProblemSchema>;

/** A control file of the captured subject, and what became of each step or open item. */
export const controlFileSchema = z.strictObject({
  file: z.enum(controlFileNames),
  digest: digestSchema,
  problems: z.array(controlProblemSchema),
  items: z.array(
    z.strictObject({
      /** Its number in the file, from 1. */
      number: z.int().positive(),
      line: z.int().positive(),
      text: z.string(),
      fate: z.enum(discoveryFates),
      /** Why it is no work of the run; null where it is. */
      reason: z.string().nullable(),
      /** Ids of the items that do it. */
      items: z.array(z.string()),
      /** By this number items name it in `rules.discovered.index`; null where it cannot be done as it is written. */
      index: z.int().nonnegative().nullable(),
      discovery: discoverySchema.nullable(),
    }),
  ),
});
export type ControlFile = z.infer<typeof controlFileSchema>;
