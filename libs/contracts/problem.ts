import { z } from 'zod';
import type { ErrorCode } from '../protocol/errors.js';
import { errors } from '../protocol/errors.js';

const codes = Object.keys(errors) as [ErrorCode, ...ErrorCode[]];

/** An error over HTTP, as application/problem+json (RFC 9457). `type` and `title` follow from `code`. */
export const problemSchema = z.strictObject({
  type: z.string(),
  title: z.string(),
  status: z.int().min(400).max(599),
  detail: z.string(),
  code: z.enum(codes),
  /** Every place where the input is wrong: a JSON pointer, the name of a header or parameter, and the reason. */
  problems: z.array(z.strictObject({ path: z.string(), reason: z.string() })),
});
export type ProblemDocument = z.infer<typeof problemSchema>;
