import { z } from 'zod';

const labels = z
  .record(z.string(), z.union([z.string(), z.number(), z.boolean()]).transform(String))
  .default({});
const metadata = z.object({
  name: z.string().default(''),
  namespace: z.string().default('default'),
  labels: labels,
});
const port = z.union([z.int(), z.string()]);

/** Enough of any object to say what it is. */
export const objectSchema = z.object({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: metadata.prefault({}),
});

const named = z.object({ name: z.string().default('') });
const containerSchema = z.object({
  name: z.string().default(''),
  image: z.string().optional(),
  command: z.array(z.string()).default([]),
  args: z.array(z.string()).default([]),
  env: z
    .array(
      z.object({
        name: z.string(),
        value: z.union([z.string(), z.number(), z.boolean()]).transform(String).optional(),
        valueFrom: z
          .object({
            secretKeyRef: z.object({ name: z.string().default(''), key: z.string() }).optional(),
            configMapKeyRef: z.object({ name: z.string().default(''), key: z.string() }).optional(),
          })
          .optional(),
      }),
    )
    .default([]),
  envFrom: z.array(z.object({ secretRef: named.optional(), configMapRef: named.optional() })).default([]),
  ports: z.array(z.object({ containerPort: z.int(), hostPort: z.int().optional() })).default([]),
  resources: z
    .object({ limits: z.object({ memory: z.union([z.string(), z.number()]).optional() }).optional() })
    .default({}),
  livenessProbe: z.unknown().optional(),
  readinessProbe: z.unknown().optional(),
  volumeMounts: z.array(z.object({ name: z.string(), readOnly: z.boolean().default(false) })).default([]),
  securityContext: z
    .object({
      privileged: z.boolean().default(false),
      runAsNonRoot: z.boolean().optional(),
      runAsUser: z.int().optional(),
      readOnlyRootFilesystem: z.boolean().default(false),
      capabilities: z
        .object({ add: z.array(z.string()).default([]), drop: z.array(z.string()).default([]) })
        .prefault({}),
    })
    .prefault({}),
});
export type Container = z.infer<typeof containerSchema>;

/** The part of a workload that says how its pods are. */
export const podSchema = z.object({
  containers: z.array(containerSchema).min(1),
  initContainers: z.array(containerSchema).default([]),
  hostNetwork: z.boolean().default(false),
  hostPID: z.boolean().default(false),
  hostIPC: z.boolean().default(false),
  securityContext: z
    .object({ runAsNonRoot: z.boolean().optional(), runAsUser: z.int().optional() })
    .prefault({}),
  volumes: z
    .array(
      z.object({
        name: z.string(),
        hostPath: z.object({ path: z.string() }).optional(),
        persistentVolumeClaim: z.object({ claimName: z.string() }).optional(),
      }),
    )
    .default([]),
});
export type Pod = z.infer<typeof podSchema>;

export const replicasSchema = z.object({
  spec: z.object({ replicas: z.int().nonnegative().default(1) }).prefault({}),
});
export const templateLabelsSchema = z.object({ metadata: z.object({ labels }).prefault({}) });

export const serviceSchema = z.object({
  spec: z.object({
    type: z.string().default('ClusterIP'),
    selector: labels,
    externalIPs: z.array(z.string()).default([]),
    ports: z.array(z.object({ port: z.int(), nodePort: z.int().optional() })).default([]),
  }),
});

const backend = z.object({ service: z.object({ name: z.string(), port: z.unknown() }).optional() });
export const ingressSchema = z.object({
  spec: z.object({
    tls: z.array(z.object({ hosts: z.array(z.string()).default([]) })).default([]),
    defaultBackend: backend.optional(),
    rules: z
      .array(
        z.object({
          host: z.string().optional(),
          http: z.object({ paths: z.array(z.object({ backend })).default([]) }).optional(),
        }),
      )
      .default([]),
  }),
});

const selector = z.object({ matchLabels: labels, matchExpressions: z.array(z.unknown()).default([]) });
export const networkPolicySchema = z.object({
  spec: z.object({
    podSelector: selector.prefault({}),
    policyTypes: z.array(z.string()).optional(),
    ingress: z
      .array(
        z.object({
          from: z
            .array(
              z.object({
                podSelector: selector.optional(),
                namespaceSelector: z.unknown().optional(),
                ipBlock: z.unknown().optional(),
              }),
            )
            .optional(),
          ports: z.array(z.object({ port: port.optional() })).optional(),
        }),
      )
      .default([]),
    egress: z.unknown().optional(),
  }),
});

export const configMapSchema = z.object({ data: labels });
