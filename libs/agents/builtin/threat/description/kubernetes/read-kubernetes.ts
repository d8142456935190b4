import { capabilityName } from '../capability-name.js';
import type { Mount, PublishedPort, Service } from '../description.js';
import { kindOfMount } from '../kind-of-mount.js';
import type { Part, Use } from '../part.js';
import { readEnvironment } from '../read-environment.js';
import { roleOf } from '../role-of.js';
import type { YamlText } from '../yaml-text.js';
import {
  objectSchema,
  type Pod,
  podSchema,
  replicasSchema,
  templateLabelsSchema,
} from './kubernetes-schema.js';
import { Manifests, placeIn, valueAt, type Workload } from './manifest.js';
import { type Exposure, readExposure } from './read-exposure.js';
import { readPolicies } from './read-policies.js';
import { readVariables } from './read-variables.js';

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

/** Whether a document of YAML is an object of Kubernetes. */
export const isKubernetes = (yaml: YamlText): boolean => objectSchema.safeParse(yaml.value).success;

/** The workloads of all objects together: they name each other across files. */
export function readKubernetes(
  documents: readonly { readonly file: string; readonly yaml: YamlText }[],
): Part {
  const manifests = new Manifests(documents);
  for (const manifest of manifests.all)
    if (!podPaths.has(manifest.kind) && !otherKinds.has(manifest.kind) && !silentKinds.has(manifest.kind))
      manifests.leave(manifest, ['kind'], `Objects of the kind ${manifest.kind} are not read`);
  const workloads = workloadsOf(manifests);
  const exposure = readExposure(manifests, workloads);
  const allowedFrom = readPolicies(manifests, workloads);
  const variablesOf = readVariables(manifests);
  const uses: Use[] = [];
  const services = workloads.map((workload): Service => {
    const { manifest } = workload;
    const containers = containersOf(workload);
    const environment = readEnvironment(
      manifest.name,
      containers.flatMap(({ container, path }) => variablesOf(manifest, container, path)),
      containers.flatMap(({ container, path }) =>
        [...container.command, ...container.args].map((value) => ({
          value,
          place: placeIn(manifest, [...path, 'args']),
        })),
      ),
    );
    uses.push(...environment.uses);
    return serviceOf(workload, exposure, allowedFrom(workload), environment.secrets);
  });
  return { services, uses, hosts: exposure.hosts, unread: manifests.unread };
}

const workloadsOf = (manifests: Manifests): Workload[] =>
  manifests.all.flatMap((manifest): Workload[] => {
    const podPath = podPaths.get(manifest.kind);
    const pod = podPath === undefined ? undefined : manifests.read(manifest, podSchema, podPath);
    if (podPath === undefined || pod === undefined) return [];
    const template = templateLabelsSchema.safeParse(valueAt(manifest.yaml.value, podPath.slice(0, -1)));
    return [{ manifest, pod, podPath, labels: template.success ? template.data.metadata.labels : {} }];
  });

function serviceOf(
  workload: Workload,
  { ports, entries }: Exposure,
  allowedFrom: Service['allowedFrom'],
  secrets: Service['secrets'],
): Service {
  const { manifest, pod } = workload;
  const { name } = manifest;
  const containers = containersOf(workload);
  const images = containers.flatMap(({ container: { image }, path }) =>
    image === undefined ? [] : [{ image, place: placeIn(manifest, [...path, 'image']) }],
  );
  const role = roleOf(
    pod.containers.flatMap(({ image }) => (image === undefined ? [] : [image])),
    name,
  );
  const replicas = replicasSchema.safeParse(manifest.yaml.value);
  return {
    name,
    platform: 'kubernetes',
    place: placeIn(manifest, ['metadata', 'name']),
    images,
    role,
    replicas: replicas.success ? replicas.data.spec.replicas : 1,
    ports: [...(ports.get(name) ?? []), ...hostPortsOf(workload)],
    entry: entries.has(name) && !['store', 'queue', 'admin'].includes(role),
    // Every pod of a cluster reaches every other, whatever its namespace, unless a policy says otherwise.
    networks: ['kubernetes'],
    allowedFrom,
    secrets,
    mounts: mountsOf(workload),
    privileged: containers.some(({ container }) => container.securityContext.privileged),
    capabilities: containers.flatMap(({ container }) =>
      container.securityContext.capabilities.add.map(capabilityName),
    ),
    dropsAll: containers.every(({ container }) =>
      container.securityContext.capabilities.drop.some((one) => capabilityName(one) === 'ALL'),
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
}

const containersOf = ({ pod, podPath }: Workload) => [
  ...pod.containers.map((container, index) => ({ container, path: [...podPath, 'containers', index] })),
  ...pod.initContainers.map((container, index) => ({
    container,
    path: [...podPath, 'initContainers', index],
  })),
];

const hostPortsOf = (workload: Workload): PublishedPort[] =>
  containersOf(workload).flatMap(({ container, path }) =>
    container.ports.flatMap(({ hostPort }, index): PublishedPort[] => {
      if (hostPort === undefined) return [];
      const place = placeIn(workload.manifest, [...path, 'ports', index]);
      return [{ shown: `host port ${hostPort}`, number: hostPort, loopback: false, place }];
    }),
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
    const place = placeIn(manifest, [...podPath, 'volumes', index]);
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
