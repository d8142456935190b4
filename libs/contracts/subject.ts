import { z } from 'zod';
import { artifactRefSchema, digestSchema } from './artifact.js';

/** Longest text that can be a subject, in UTF-16 code units. */
export const longestText = 20_000;

/**
 * What is worked on, parsed from `npm:NAME@VERSION` (optional `#sha512-…`, the integrity it must have), a folder, a
 * git URL or path (`git+…`, `….git`, optional `#REF`), or `text:` and a text.
 */
export const subjectSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('npm'),
    name: z.string(),
    /** Exact, or a range or tag, which capture resolves. */
    version: z.string(),
    integrity: z.string().optional(),
  }),
  z.strictObject({ kind: z.literal('directory'), path: z.string() }),
  z.strictObject({ kind: z.literal('git'), url: z.string(), ref: z.string().optional() }),
  /** A request in a person's own words. Lines end with one line feed; no blank lines before or after. */
  z.strictObject({ kind: z.literal('text'), text: z.string().min(1).max(longestText) }),
]);
export type Subject = z.infer<typeof subjectSchema>;

/** The command that runs the subject's tests, in the subject's root, and the packages that it needs. */
export const testPlanSchema = z.strictObject({
  /** A shell command, such as `mocha test/`; binaries of the tools are on its PATH. */
  command: z.string().min(1).max(2000),
  /** npm packages by name and version, such as `{"mocha": "10.8.2"}`; `npm:tape@4.17.0` aliases one. */
  tools: z.record(z.string().min(1).max(214), z.string().min(1).max(200)).default({}),
  /** Seconds in which the command must end. Default, and most: the suite's share of its sandbox's time. */
  seconds: z.int().min(1).max(600).optional(),
});
export type TestPlan = z.infer<typeof testPlanSchema>;

/** One file of a snapshot. Symbolic links stay links, and never lead out of the workspace. */
export const snapshotEntrySchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('file'),
    path: z.string(),
    executable: z.boolean(),
    size: z.int().nonnegative(),
    digest: digestSchema,
  }),
  z.strictObject({ kind: z.literal('link'), path: z.string(), target: z.string() }),
]);
export type SnapshotEntry = z.infer<typeof snapshotEntrySchema>;

/** A workspace: entries sorted by path (by code unit), unique, relative, `/`-separated. It is itself an artifact. */
export const snapshotSchema = z.strictObject({
  version: z.literal(1),
  entries: z.array(snapshotEntrySchema),
});
export type Snapshot = z.infer<typeof snapshotSchema>;

/** Points at a snapshot: `digest` is that of its manifest's canonical JSON. */
export const snapshotRefSchema = z.strictObject({
  digest: digestSchema,
  files: z.int().nonnegative(),
  /** Sum of the files' sizes in bytes. */
  bytes: z.int().nonnegative(),
});
export type SnapshotRef = z.infer<typeof snapshotRefSchema>;

/** What was captured, and how its identity was established. */
export const capturedSubjectSchema = z.strictObject({
  subject: subjectSchema,
  /** One line for people and the search attribute, such as `npm:ejs@1.0.0`. */
  title: z.string(),
  snapshot: snapshotRefSchema,
  /** npm: the registry's integrity, checked. git: the commit. directory and text: absent, the snapshot's digest says it. */
  integrity: z.string().optional(),
  commit: z.string().optional(),
});
export type CapturedSubject = z.infer<typeof capturedSubjectSchema>;

/** Installed packages (the subject's own dependencies and its test tools), mounted read-only as `node_modules`. */
export const dependenciesSchema = z.strictObject({
  /** The lock file from which they were installed. */
  lock: artifactRefSchema,
  /** The installed tree as a snapshot. */
  tree: snapshotRefSchema,
  packages: z.array(
    z.strictObject({ name: z.string(), version: z.string(), license: z.string().nullable() }),
  ),
});
export type Dependencies = z.infer<typeof dependenciesSchema>;
