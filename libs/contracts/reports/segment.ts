import { z } from 'zod';
import { artifactRefSchema } from '../artifact.js';

/** SHA-256 of something that is no artifact of its own, so without the mark of those. */
const hexDigestSchema = z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 lower-case hexadecimal digits');

/** What came of one input. */
export const inputResultSchema = z.discriminatedUnion('status', [
  z.strictObject({
    index: z.int().nonnegative(),
    status: z.literal('completed'),
    /** Of the output's canonical JSON. */
    digest: hexDigestSchema,
    output: z.json(),
  }),
  z.strictObject({
    index: z.int().nonnegative(),
    status: z.literal('failed'),
    /** A code of the error table: `AgentFailed` or `SandboxLimit`. */
    code: z.string().min(1).max(60),
    message: z.string().max(400),
  }),
]);
export type InputResult = z.infer<typeof inputResultSchema>;

/** The results of a chunk, each index once, in order: the artifact that a chunk names. */
export const chunkResultsSchema = z.array(inputResultSchema);

const failureSchema = z.strictObject({ index: z.int().nonnegative(), code: z.string().min(1).max(60) });

/** A chunk that was committed: also the entry of the store that decides which execution of it counts. */
export const committedChunkSchema = z.strictObject({
  /** Index of its first input. */
  first: z.int().nonnegative(),
  count: z.int().positive(),
  completed: z.int().nonnegative(),
  failed: z.array(failureSchema),
  results: artifactRefSchema,
});
export type CommittedChunk = z.infer<typeof committedChunkSchema>;

/** Failed inputs that a report names; the others are in the chunks. */
export const mostNamedFailures = 1000;

/** `segment`: one micro agent over each of many like inputs. */
export const segmentReportSchema = z.strictObject({
  kind: z.literal('segment'),
  inputs: z.strictObject({ count: z.int().nonnegative(), digest: hexDigestSchema }),
  completed: z.int().nonnegative(),
  failed: z.int().nonnegative(),
  /** The first failed inputs, by index. */
  failures: z.array(failureSchema).max(mostNamedFailures),
  /** In order, without a gap. Each input is in exactly one. */
  chunks: z.array(
    z.strictObject({
      first: z.int().nonnegative(),
      count: z.int().positive(),
      completed: z.int().nonnegative(),
      results: artifactRefSchema,
    }),
  ),
  /** SHA-256 over the digests of the chunks' results, a line each. */
  digest: hexDigestSchema,
});
export type SegmentReport = z.infer<typeof segmentReportSchema>;
