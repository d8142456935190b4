import { z } from 'zod';

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const flag = z.union([z.boolean(), z.stringbool()]);
const texts = z.array(z.union([z.string(), z.number().transform(String)]));
const listOrMap = z.union([texts, z.record(z.string(), z.unknown())]);
const size = z.union([z.string(), z.number()]);
const oneOrMany = z.union([z.string().transform((text) => [text]), texts]);
const whole = z.union([z.int(), z.string().regex(/^\d+$/).transform(Number)]);

/** What is read of a service of Compose. Keys that are not here have no say in the analyses. */
export const composeServiceSchema = z.object({
  image: z.string().optional(),
  container_name: z.string().optional(),
  hostname: z.string().optional(),
  ports: z
    .array(
      z.union([
        z.string(),
        z.number().transform(String),
        z.object({
          target: whole.optional(),
          published: z.union([z.string(), z.number().transform(String)]).optional(),
          host_ip: z.string().optional(),
        }),
      ]),
    )
    .default([]),
  networks: z
    .union([texts, z.record(z.string(), z.union([z.null(), z.object({ aliases: texts.default([]) })]))])
    .optional(),
  network_mode: z.string().optional(),
  environment: z.union([texts, z.record(z.string(), scalar)]).default([]),
  env_file: z
    .union([
      z.string().transform((path) => [path]),
      z.array(z.union([z.string(), z.object({ path: z.string() }).transform(({ path }) => path)])),
    ])
    .default([]),
  command: oneOrMany.nullable().default([]),
  entrypoint: oneOrMany.nullable().default([]),
  depends_on: listOrMap.default([]),
  links: texts.default([]),
  volumes: z
    .array(
      z.union([
        z.string(),
        z.object({
          type: z.string(),
          source: z.string().optional(),
          target: z.string().optional(),
          read_only: flag.default(false),
        }),
      ]),
    )
    .default([]),
  secrets: z.array(z.union([z.string(), z.object({ source: z.string() })])).default([]),
  privileged: flag.default(false),
  cap_add: texts.default([]),
  cap_drop: texts.default([]),
  pid: z.string().optional(),
  ipc: z.string().optional(),
  user: z.union([z.string(), z.number().transform(String)]).optional(),
  read_only: flag.default(false),
  mem_limit: size.optional(),
  scale: whole.optional(),
  deploy: z
    .object({
      replicas: whole.optional(),
      resources: z.object({ limits: z.object({ memory: size.optional() }).optional() }).optional(),
    })
    .optional(),
  healthcheck: z.object({ disable: flag.default(false), test: z.unknown().optional() }).optional(),
  extends: z.unknown().optional(),
});
export type ComposeService = z.infer<typeof composeServiceSchema>;
