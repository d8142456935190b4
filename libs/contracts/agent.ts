import { z } from 'zod';
import { artifactRefSchema, digestSchema } from './artifact.js';
import { layers } from './request.js';
import { snapshotRefSchema } from './subject.js';

/** What a sandbox allows. Sizes in bytes, times in milliseconds. */
export const sandboxProfileSchema = z.strictObject({
  memoryBytes: z.int().positive(),
  processes: z.int().positive(),
  wallMs: z.int().positive(),
  /** All writable folders together. */
  diskBytes: z.int().positive(),
  /** The largest single file. */
  fileBytes: z.int().positive(),
  /** Standard output and error that are kept. */
  outputBytes: z.int().positive(),
  network: z.literal('none'),
});
export type SandboxProfile = z.infer<typeof sandboxProfileSchema>;

/** What a budget leaves of an agent's profile, and its share of the processors. What is left out is as the manifest says. */
export const grantSchema = z.strictObject({
  memoryBytes: z.int().positive().optional(),
  wallMs: z.int().positive().optional(),
  /** Of all processors of the machine together. */
  cpuPercent: z.number().positive().max(100).optional(),
});
export type Grant = z.infer<typeof grantSchema>;

/** What really confined a program; written into the attempt log and the record. */
export const sandboxInForceSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('process'),
    isolation: z.string(),
    user: z.string(),
    memory: z.string(),
    processes: z.string(),
    disk: z.string(),
    /** What held the share of the processors, or `not limited`; left out where none was granted. */
    cpu: z.string().optional(),
    network: z.literal('none'),
  }),
  /** QuickJS in WebAssembly, for micro agents: there are neither processes nor files in it. */
  z.strictObject({
    kind: z.literal('wasm'),
    isolation: z.string(),
    memory: z.string(),
    time: z.string(),
    stack: z.string(),
    /** As above: an engine's thread has no share of its own. */
    cpu: z.string().optional(),
    network: z.literal('none'),
  }),
]);
export type SandboxInForce = z.infer<typeof sandboxInForceSchema>;

/** How outcomes of two executions are compared. `digest` demands equality byte for byte. */
export const comparisons = ['digest', 'same-test-verdicts', 'same-findings'] as const;
export type Comparison = (typeof comparisons)[number];

/** An agent: what it is, what it may use, how it runs. Data in `libs/roster`. */
export const agentManifestSchema = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9.-]{0,63}$/),
  version: z.string(),
  title: z.string(),
  layer: z.enum(layers),
  role: z.string(),
  domain: z.string(),
  capabilities: z.array(z.string()).min(1),
  driver: z.discriminatedUnion('kind', [
    /** Our code: `program` is a folder of `libs/agents/builtin`. */
    z.strictObject({ kind: z.literal('builtin'), program: z.string() }),
    /** Any program: JSON on standard input, JSON on standard output. Absolute path inside the sandbox. */
    z.strictObject({ kind: z.literal('command'), command: z.array(z.string()).min(1) }),
    /**
     * A small program in QuickJS: JSON in, JSON out, one call per input. Of the profile, the memory is the engine's heap,
     * the time that of one call, the output that of one call.
     */
    z.strictObject({
      kind: z.literal('micro'),
      /** `libs/agents/micro/PROGRAM.js`. */
      program: z.string().regex(/^[a-z][a-z0-9-]{0,63}$/),
      /** SHA-256 of that file, hexadecimal. */
      source: z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 lower-case hexadecimal digits'),
      /** JSON Schema (2020-12) of each output. */
      outcome: z.record(z.string(), z.unknown()),
      /** How often the engine may stop to ask in one call; it does so after each 10,000 jumps back or calls. */
      interrupts: z.int().min(2).max(10_000),
      /** Bytes of the engine's stack. */
      stackBytes: z
        .int()
        .min(16 * 1024)
        .max(512 * 1024),
    }),
  ]),
  /** Fixed parameters of this agent, such as its strategy; the item's parameters are added. */
  parameters: z.record(z.string(), z.unknown()).default({}),
  profile: sandboxProfileSchema,
  /** Whether it gets the workspace writable, and hands back a changed one. */
  writes: z.boolean(),
  comparison: z.enum(comparisons),
  /** How many tasks it may have at once; eligible below 0.8 of it. */
  capacity: z.int().positive(),
});
export type AgentManifest = z.infer<typeof agentManifestSchema>;

/**
 * What an agent reads from standard input. The workspace is at `/subject/package` (its installed dependencies at
 * `/subject/node_modules`), inputs are at `/inputs/NAME.json`, and `/outputs` takes files that become artifacts.
 */
export const agentTaskSchema = z.strictObject({
  version: z.literal(1),
  item: z.string(),
  /** What its category is to do and when that is done. First, since whoever reads it needs it first. */
  instructions: z.string().optional(),
  parameters: z.record(z.string(), z.unknown()),
  /** Names of the files in `/inputs`: results of the items that this one depends on. */
  inputs: z.array(z.string()),
});
export type AgentTask = z.infer<typeof agentTaskSchema>;

/**
 * What an agent writes to standard output, once, as JSON. `outcome` has no time, path of a host, or order of
 * arrival in it; `measurements` take those.
 */
export const agentAnswerSchema = z.discriminatedUnion('status', [
  z.strictObject({
    status: z.literal('done'),
    outcome: z.record(z.string(), z.unknown()),
    measurements: z.record(z.string(), z.unknown()).default({}),
  }),
  /** The agent could not do it: a code of the error table and a sentence. */
  z.strictObject({ status: z.literal('failed'), code: z.string(), message: z.string().max(2000) }),
]);
export type AgentAnswer = z.infer<typeof agentAnswerSchema>;

/** One execution of an agent, complete: everything that B needs to do it again. */
export const agentRunSchema = z.strictObject({
  run: z.string(),
  item: z.string(),
  agent: digestSchema,
  agentId: z.string(),
  instructions: z.string().optional(),
  workspace: snapshotRefSchema,
  /** The installed packages, where there are any. */
  dependencies: snapshotRefSchema.optional(),
  parameters: z.record(z.string(), z.unknown()),
  /** Outcome artifacts of earlier items by name. */
  inputs: z.record(z.string(), artifactRefSchema),
  /** What it may use at most, where its item has a budget. */
  budget: grantSchema.optional(),
});
export type AgentRun = z.infer<typeof agentRunSchema>;

/** The result of an agent's execution: `outcome` can be compared, `measurements` cannot. */
export const agentResultSchema = z.strictObject({
  outcome: artifactRefSchema,
  measurements: artifactRefSchema,
  /** The workspace that it handed back, where it writes. */
  workspace: snapshotRefSchema.optional(),
  sandbox: sandboxInForceSchema,
});
export type AgentResult = z.infer<typeof agentResultSchema>;
