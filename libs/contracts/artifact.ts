import { z } from 'zod';
import { type Digest, isDigest } from '../protocol/digest.js';

export const digestSchema = z.custom<Digest>((value) => typeof value === 'string' && isDigest(value), {
  message: 'expected sha256: followed by 64 hexadecimal digits',
});

/** Points at bytes in the artifact store. */
export const artifactRefSchema = z.strictObject({
  digest: digestSchema,
  /** Bytes. */
  size: z.int().nonnegative(),
  mediaType: z.string().min(1).max(100),
});
export type ArtifactRef = z.infer<typeof artifactRefSchema>;

/** An artifact of a run with the name that people know it by, such as `execute/architecture.json`. */
export const namedArtifactSchema = artifactRefSchema.extend({ name: z.string().min(1).max(300) });
export type NamedArtifact = z.infer<typeof namedArtifactSchema>;
