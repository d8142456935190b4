import { z } from 'zod';
import { findingSchema } from './finding.js';

/** `architecture`: what the subject is made of and how its parts hang together. */
export const architectureReportSchema = z.strictObject({
  kind: z.literal('architecture'),
  /** Files that belong together: a folder, with its files, lines and the components that it imports. */
  components: z.array(
    z.strictObject({ name: z.string(), files: z.int(), lines: z.int(), imports: z.array(z.string()) }),
  ),
  /** Import graph between the subject's own files. */
  imports: z.array(z.strictObject({ from: z.string(), to: z.string() })),
  cycles: z.array(z.array(z.string())),
  /** Packages and built-in modules that are imported. */
  external: z.array(
    z.strictObject({
      name: z.string(),
      kind: z.enum(['package', 'builtin', 'unresolved']),
      declared: z.boolean(),
      importedBy: z.array(z.string()),
    }),
  ),
  /** Where it meets the world: entry points, exported binaries, network, processes, file system, environment. */
  integrationPoints: z.array(z.strictObject({ kind: z.string(), file: z.string(), detail: z.string() })),
  /** Files that configure it, by what they configure. */
  configuration: z.array(z.strictObject({ file: z.string(), configures: z.string() })),
  findings: z.array(findingSchema),
});
export type ArchitectureReport = z.infer<typeof architectureReportSchema>;
