import { z } from 'zod';
import { digestSchema } from './artifact.js';

/** What a check is about: the delivered package, the seal that came later, or whose they are. */
export const checkParts = ['package', 'seal', 'identity'] as const;
export type CheckPart = (typeof checkParts)[number];

/**
 * `proven`: it was looked at and holds. `failed`: it does not. `not-checkable`: nothing here says so or against it, and
 * `says` tells why.
 */
export const checkStates = ['proven', 'failed', 'not-checkable'] as const;

export const packageCheckSchema = z.strictObject({
  part: z.enum(checkParts),
  /** Its name; docs/reference/verify.md lists them. */
  check: z.string(),
  state: z.enum(checkStates),
  says: z.string(),
  /** What is wrong, as sentences, bounded. */
  problems: z.array(z.string()),
});
export type PackageCheck = z.infer<typeof packageCheckSchema>;

/** The answer of `heptad verify --json`. */
export const packageReportSchema = z.strictObject({
  version: z.literal(1),
  path: z.string(),
  /** What the package says of itself; null where that cannot be read. */
  run: z.string().nullable(),
  subject: z.string().nullable(),
  decision: z.string().nullable(),
  /** `sealed`, or `not yet sealed`: then the run's histories are not there. */
  sealed: z.boolean(),
  /** Whether who signed is known here: by pinned keys, or by nothing but the package's own words. */
  origin: z.enum(['trusted', 'unknown']),
  /** Keys that signed something in it. */
  keys: z.array(z.strictObject({ keyid: digestSchema, identity: z.string(), pinned: z.boolean() })),
  checks: z.array(packageCheckSchema),
  /** Waivers of failed passes: people's decisions that whoever relies on the package should read. */
  waivers: z.array(z.strictObject({ phase: z.string(), by: z.string(), reason: z.string(), at: z.string() })),
  files: z.strictObject({ count: z.int(), bytes: z.int() }),
  /** Whether all that was demanded is proven; the exit code follows from it. */
  proven: z.boolean(),
  /** One sentence that says what is proven and what is not. */
  says: z.string(),
});
export type PackageReport = z.infer<typeof packageReportSchema>;
