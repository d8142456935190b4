import { z } from 'zod';
import { phaseNames } from '../protocol/phases.js';
import { digestSchema } from './artifact.js';
import { identitySchema, signatureSchema } from './signature.js';

/** A person's decision to let a phase go on although a pass failed. It holds for exactly these verdicts. */
export const waiverSchema = z.strictObject({
  version: z.literal(1),
  run: z.string(),
  phase: z.enum(phaseNames),
  round: z.int().positive(),
  /** Digest of the phase's output that was rejected. */
  output: digestSchema,
  /** Digests of the verdicts that are waived, sorted. */
  verdicts: z.array(digestSchema).min(1),
  reason: z.string().min(10).max(2000),
  by: identitySchema,
  at: z.string(),
  signature: signatureSchema,
});
export type Waiver = z.infer<typeof waiverSchema>;

/** What a phase waits for, as `GET /v1/runs/{id}` shows it: everything that a waiver must name. */
export const awaitedWaiverSchema = z.strictObject({
  phase: z.enum(phaseNames),
  round: z.int().positive(),
  output: digestSchema,
  verdicts: z.array(digestSchema).min(1),
  /** Why it waits: the first failed checks as sentences. */
  says: z.string(),
  /** ISO 8601: when it stops waiting and the run is blocked. */
  until: z.string(),
});
export type AwaitedWaiver = z.infer<typeof awaitedWaiverSchema>;
