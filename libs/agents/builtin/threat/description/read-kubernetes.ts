import type { z } from 'zod';
import type { Mount, Place, PublishedPort, Service, Unread } from './description.js';
import {
  type Container,
  configMapSchema,
  ingressSchema,
  networkPolicySchema,
  objectSchema,
  type Pod,
  podSchema,
  replicasSchema,
  serviceSchema,
  templateLabelsSchema,
} from './kubernetes-schema.js';
import type { Part, Use } from './part.js';
import { kindOfMount } from './read-compose.js';
import { readEnvironment, type Variable } from './read-environment.js';
import { roleOf } from './role-of.js';
import { lenient, type YamlText } from './yaml-text.js';

/** An object of Kubernetes as it stands in a file. */
interface Manifest {
  readonly file: string;
  readonly yaml: YamlText;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
}

/** Where the pod is in each kind of workload. */
const inTemplate = ['spec', 'template', 'spec'];
const podPaths: ReadonlyMap<string, readonly string[]> = new Map([
  ['Pod', ['spec']],
  ['Deployment', inTemplate],
  ['StatefulSet', inTemplate],
  ['DaemonSet', inTemplate],
  ['ReplicaSet', inTemplate],
  ['Job', inTemplate],
  ['CronJob', ['spec', 'jobTemplate', ...inTemplate]],
]);
/** Kinds that are read beside workloads, and kinds of which nothing is wanted. */
const otherKinds = new Set(['Service', 'Ingress', 'NetworkPolicy', 'ConfigMap']);
const silentKinds = new Set(['Namespace', 'Secret', 'PersistentVolumeClaim', 'ServiceAccount', 'List']);

/** A pod's labels, and what decides who reaches it. */
interface Workload {
  readonly manifest: Manifest;
  readonly labels: Readonly<Record<string, string>>;
  readonly pod: Pod;
  readonly podPath: readonly string[];
}

/** Whether a document of YAML is an object of Kubernetes. */
export const isKubernetes = (yaml: YamlText): boolean => objectSchema.safeParse(yaml.value).success;

/** The workloads of all objects together: they name each other across files. */
export function readKubernetes(
  documents: readonly { readonly file: string; readonly yaml: YamlText }[],
): Part {
  const unread: Unread[] = [];
  const manifests = documents.map(({ file, yaml }): Manifest => {
    const { kind, metadata } = objectSchema.parse(yaml.value);
    return { file, yaml, kind, name: metadata.name, namespace: metadata.namespace };
  });
  const read = <T extends z.ZodType>(manifest: Manifest, schema: T, path: readonly string[] = []) =>
    lenient(schema, valueAt(manifest.yaml.value, path), (inner, reason) =>
      leave(unread, manifest, [...path, ...inner], `${reason} (${manifest.kind} ${manifest.name})`),
    );
  const ofKind = <T extends z.ZodType>(kind: string, schema: T) =>
    manifests
      .filter((manifest) => manifest.kind === kind)
      .flatMap((manifest) => {
        const body = read(manifest, schema);
        return body === undefined ? [] : [{ manifest, body }];
      });
  for (const manifest of manifests)
    if (!podPaths.has(manifest.kind) && !otherKinds.has(manifest.kind) && !silentKinds.has(manifest.kind))
      leave(unread, manifest, ['kind'], `Objects of the kind ${manifest.kind} are not read`);

  const workloads = manifests.flatMap((manifest): Workload[] => {
    const podPath = podPaths.get(manifest.kind);
    if (podPath === undefined) return [];
    const pod = read(manifest, podSchema, podPath);
    if (pod === undefined) return [];
    const above = valueAt(manifest.yaml.value, podPath.slice(0, -1));
    const template = templateLabelsSchema.safeParse(above);
    return [{ manifest, pod, podPath, labels: template.success ? template.data.metadata.labels : {} }];
  });
  const services = ofKind('Service', serviceSchema);
  const ingresses = ofKind('Ingress', ingressSchema);
  const policies = ofKind('NetworkPolicy', networkPolicySchema).filter(({ manifest, body }) => {
    if (body.spec.podSelector.matchExpressions.length === 0) return true;
    // Taken without its expressions it would protect more than it does.
    leave(unread, manifest, ['spec', 'podSelector'], `"matchExpressions" are not read (${manifest.name})`);
    return false;
  });
  const configs = new Map(
    ofKind('ConfigMap', configMapSchema).map(({ manifest, body }) => [
      `${manifest.namespace}/${manifest.name}`,
      Object.entries(body.data).map(
        ([name, value]): Variable => ({ name, value, place: placeOf(manifest, ['data', name]) }),
      ),
    ]),
  );

  const selected = (namespace: string, labels: Readonly<Record<string, string>>): Workload[] =>
    workloads.filter(
      (workload) =>
        workload.manifest.namespace === namespace &&
        Object.entries(labels).every(([name, value]) => workload.labels[name] === value),
    );
  const hosts: { host: string; service: string }[] = [];
  const ports = new Map<string, PublishedPort[]>();
  const entries = new Set<string>();
  const publish = (workload: Workload, port: PublishedPort): void => {
    ports.set(workload.manifest.name, [...(ports.get(workload.manifest.name) ?? []), port]);
  };
  for (const { manifest, body } of services) {
    const { name, namespace } = manifest;
    const behind =
      Object.keys(body.spec.selector).length === 0 ? [] : selected(namespace, body.spec.selector);
    const routes = ingresses.filter(
      ({ manifest: ingress, body: rules }) =>
        ingress.namespace === namespace && backendsOf(rules).some((backend) => backend.service === name),
    );
    for (const workload of behind) {
      const service = workload.manifest.name;
      for (const host of [
        name,
        `${name}.${namespace}`,
        `${name}.${namespace}.svc`,
        `${name}.${namespace}.svc.cluster.local`,
      ])
        hosts.push({ host, service });
      const { type, externalIPs } = body.spec;
      if (type === 'LoadBalancer' || type === 'NodePort' || externalIPs.length > 0) {
        if (type === 'LoadBalancer') entries.add(service);
        for (const [index, { port, nodePort }] of body.spec.ports.entries()) {
          const number = type === 'NodePort' ? (nodePort ?? null) : port;
          publish(workload, {
            shown: `${type} ${number ?? `any (to ${port})`}`,
            number,
            loopback: false,
            place: placeOf(manifest, ['spec', 'ports', index]),
          });
        }
      }
      for (const { manifest: ingress, body: rules } of routes) {
        entries.add(service);
        publish(workload, {
          shown: `Ingress ${ingress.name}`,
          number: rules.spec.tls.length > 0 ? 443 : 80,
          loopback: false,
          place: placeOf(ingress, ['spec']),
        });
        for (const { host, service: backend } of backendsOf(rules))
          if (host !== undefined && backend === name) hosts.push({ host: host.toLowerCase(), service });
      }
    }
  }

  /** Who may connect to a workload, where a policy selects it; null where none does. */
  const allowedFrom = (workload: Workload): string[] | null => {
    const ruling = policies.filter(
      ({ manifest, body: { spec } }) =>
        manifest.namespace === workload.manifest.namespace &&
        (spec.policyTypes ?? ['Ingress']).includes('Ingress') &&
        Object.entries(spec.podSelector.matchLabels).every(
          ([name, value]) => workload.labels[name] === value,
        ),
    );
    if (ruling.length === 0) return null;
    const peers = ruling.flatMap(({ manifest, body: { spec } }) =>
      spec.ingress.flatMap(({ from }) =>
        // No list of peers, and peers of another namespace or address, let more in than can be named here.
        from === undefined
          ? workloads
          : from.flatMap(({ podSelector, namespaceSelector, ipBlock }) =>
              namespaceSelector !== undefined ||
              ipBlock !== undefined ||
              podSelector === undefined ||
              podSelector.matchExpressions.length > 0
                ? workloads
                : selected(manifest.namespace, podSelector.matchLabels),
            ),
      ),
    );
    return [...new Set(peers.map(({ manifest: { name } }) => name))];
  };

  const uses: Use[] = [];
  const found = workloads.map((workload): Service => {
    const { manifest, pod } = workload;
    const { name } = manifest;
    const containers = containersOf(workload);
    const environment = readEnvironment(
      name,
      containers.flatMap(({ container, path }) => variablesOf(unread, manifest, container, path, configs)),
      containers.flatMap(({ container, path }) =>
        [...container.command, ...container.args].map((value) => ({
          value,
          place: placeOf(manifest, [...path, 'args']),
        })),
      ),
    );
    uses.push(...environment.uses);
    const images = containers.flatMap(({ container, path }) =>
      container.image === undefined
        ? []
        : [{ image: container.image, place: placeOf(manifest, [...path, 'image']) }],
    );
    const role = roleOf(
      pod.containers.flatMap(({ image }) => (image === undefined ? [] : [image])),
      name,
    );
    const replicas = replicasSchema.safeParse(manifest.yaml.value);
    const hostPorts = containers.flatMap(({ container, path }) =>
      container.ports.flatMap(({ hostPort }): PublishedPort[] =>
        hostPort === undefined
          ? []
          : [
              {
                shown: `host port ${hostPort}`,
                number: hostPort,
                loopback: false,
                place: placeOf(manifest, [...path, 'ports']),
              },
            ],
      ),
    );
    return {
      name,
      platform: 'kubernetes',
      place: placeOf(manifest, ['metadata', 'name']),
      images,
      role,
      replicas: replicas.success ? replicas.data.spec.replicas : 1,
      ports: [...(ports.get(name) ?? []), ...hostPorts],
      entry: entries.has(name) && !['store', 'queue', 'admin'].includes(role),
      networks: [`kubernetes/${manifest.namespace}`],
      allowedFrom: allowedFrom(workload),
      secrets: environment.secrets,
      mounts: mountsOf(workload),
      privileged: containers.some(({ container }) => container.securityContext.privileged),
      capabilities: containers.flatMap(({ container }) =>
        container.securityContext.capabilities.add.map((capability) =>
          capability.toUpperCase().replace(/^CAP_/, ''),
        ),
      ),
      dropsAll: containers.every(({ container }) =>
        container.securityContext.capabilities.drop.some((capability) => capability.toUpperCase() === 'ALL'),
      ),
      hostNamespaces: [
        ...(pod.hostNetwork ? ['network'] : []),
        ...(pod.hostPID ? ['pid'] : []),
        ...(pod.hostIPC ? ['ipc'] : []),
      ],
      rootless: rootless(pod),
      readOnly: pod.containers.every(({ securityContext }) => securityContext.readOnlyRootFilesystem),
      memoryLimit: pod.containers.every(({ resources }) => resources.limits?.memory !== undefined),
      healthcheck: pod.containers.every(
        ({ livenessProbe, readinessProbe }) => livenessProbe !== undefined || readinessProbe !== undefined,
      ),
    };
  });
  return { services: found, uses, hosts, unread };
}

const containersOf = ({ pod, podPath }: Workload) => [
  ...pod.containers.map((container, index) => ({ container, path: [...podPath, 'containers', index] })),
  ...pod.initContainers.map((container, index) => ({
    container,
    path: [...podPath, 'initContainers', index],
  })),
];

const backendsOf = ({
  spec,
}: z.infer<typeof ingressSchema>): { host: string | undefined; service: string }[] =>
  [
    { host: undefined, backend: spec.defaultBackend },
    ...spec.rules.flatMap(({ host, http }) => (http?.paths ?? []).map(({ backend }) => ({ host, backend }))),
  ].flatMap(({ host, backend }) =>
    backend?.service === undefined ? [] : [{ host, service: backend.service.name }],
  );

/** Every container has to say so, or the pod for all of them; null where somebody says nothing. */
function rootless({ containers, securityContext: pod }: Pod): boolean | null {
  const said = containers.map(({ securityContext }) => {
    const user = securityContext.runAsUser ?? pod.runAsUser;
    if (user !== undefined) return user !== 0;
    return securityContext.runAsNonRoot ?? pod.runAsNonRoot ?? null;
  });
  if (said.includes(false)) return false;
  return said.includes(null) ? null : true;
}

function mountsOf({ manifest, pod, podPath }: Workload): Mount[] {
  return pod.volumes.flatMap(({ name, hostPath, persistentVolumeClaim }, index): Mount[] => {
    const place = placeOf(manifest, [...podPath, 'volumes', index]);
    const uses = pod.containers.flatMap(({ volumeMounts }) =>
      volumeMounts.filter((mount) => mount.name === name),
    );
    const writable = uses.some(({ readOnly }) => !readOnly);
    if (hostPath !== undefined)
      return [{ source: hostPath.path, kind: kindOfMount(hostPath.path, true), writable, place }];
    if (persistentVolumeClaim === undefined) return [];
    return [{ source: persistentVolumeClaim.claimName, kind: 'volume', writable, place }];
  });
}

function variablesOf(
  unread: Unread[],
  manifest: Manifest,
  { env, envFrom }: Container,
  path: readonly PropertyKey[],
  configs: ReadonlyMap<string, readonly Variable[]>,
): Variable[] {
  const config = (name: string, inner: readonly PropertyKey[]): readonly Variable[] => {
    const found = configs.get(`${manifest.namespace}/${name}`);
    if (found === undefined)
      leave(unread, manifest, inner, `The ConfigMap ${name} is not in the subject (${manifest.name})`);
    return found ?? [];
  };
  return [
    ...envFrom.flatMap(({ secretRef, configMapRef }, index): readonly Variable[] => {
      const inner = [...path, 'envFrom', index];
      if (secretRef !== undefined)
        return [{ name: `${secretRef.name}_SECRET`, value: null, place: placeOf(manifest, inner) }];
      return configMapRef === undefined ? [] : config(configMapRef.name, inner);
    }),
    ...env.map(({ name, value, valueFrom }, index): Variable => {
      const inner = [...path, 'env', index];
      const place = placeOf(manifest, inner);
      const from = valueFrom?.configMapKeyRef;
      if (from === undefined) return { name, value: value ?? null, place };
      const found = config(from.name, inner).find((variable) => variable.name === from.key);
      return found === undefined ? { name, value: null, place } : { ...found, name };
    }),
  ];
}

const placeOf = ({ file, yaml }: Manifest, path: readonly PropertyKey[]): Place => ({
  file,
  line: yaml.lineOf(path),
});

function leave(unread: Unread[], manifest: Manifest, path: readonly PropertyKey[], reason: string): void {
  unread.push({
    format: 'infrastructure',
    file: manifest.file,
    line: manifest.yaml.lineOf(path),
    reason: `${reason}.`,
  });
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null && Object.hasOwn(inner, key)
        ? Reflect.get(inner, key)
        : undefined,
    value,
  );
}
