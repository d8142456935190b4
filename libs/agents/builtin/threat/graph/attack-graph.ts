import { DirectedGraph } from 'graphology';
import { byCodeUnit } from '../../subject/order.js';
import type { Description, Service } from '../description/description.js';
import { serviceGraph } from './service-graph.js';

/** Where every attack begins. */
export const internet = 'internet';

/** Kinds of step. What each takes is in {@link efforts}, what ends it in {@link measures}. */
export type StepKind =
  | 'open-store'
  | 'open-service'
  | 'entry'
  | 'credential'
  | 'connection'
  | 'network-out'
  | 'network-in'
  | 'socket'
  | 'privileged'
  | 'host-access'
  | 'from-host';

export interface Step {
  readonly kind: StepKind;
  /** How hard the step is; comparable with other steps, without a unit. */
  readonly effort: number;
  /** Days of work to end it. */
  readonly days: number;
  readonly measure: string;
}

/** What a step makes use of, and its effort. The reference page `threat-assessment` repeats the numbers. */
const efforts: Readonly<Record<StepKind, { readonly effort: number; readonly by: string }>> = {
  'open-store': { effort: 1, by: 'a published port of a store, a queue or a tool for administrators' },
  'open-service': { effort: 2, by: 'a published port of a service that is no entry' },
  entry: { effort: 3, by: 'an entry that is meant to be public' },
  credential: { effort: 1, by: 'a connection with a credential that the service holds' },
  connection: { effort: 2, by: 'a connection that the service has' },
  'network-out': { effort: 3, by: 'a network that it shares' },
  'network-in': { effort: 1, by: 'a network that it shares' },
  socket: { effort: 1, by: 'the socket of the container engine' },
  privileged: { effort: 2, by: 'the privileges of the container' },
  'host-access': { effort: 3, by: 'access to the host by path, namespace or capability' },
  'from-host': { effort: 1, by: 'the host that it runs on' },
};

/** Added to a step into a service that runs without root, without capabilities and with a read-only file system. */
const hardened = 2;

/** What ends a step, and what that takes in days of work. */
const measures: Readonly<
  Record<StepKind, { readonly days: number; readonly says: (from: string, to: string) => string }>
> = {
  'open-store': { days: 0.5, says: (_, to) => `Publish no port of ${to}` },
  'open-service': { days: 0.5, says: (_, to) => `Publish no port of ${to}` },
  entry: { days: 5, says: (_, to) => `Let only authenticated callers through ${to}` },
  credential: { days: 3, says: (from, to) => `Limit what ${from} may do in ${to} to what it needs` },
  connection: { days: 3, says: (from, to) => `Have ${to} authenticate ${from} and allow it what it needs` },
  'network-out': { days: 2, says: (from, to) => `Take ${from} out of the ${to}` },
  'network-in': { days: 2, says: (from, to) => `Take ${to} out of the ${from}` },
  socket: { days: 1, says: (from) => `Give ${from} no socket of the container engine` },
  privileged: { days: 1, says: (from) => `Run ${from} without privileges` },
  'host-access': { days: 1, says: (from) => `Give ${from} no access to the host` },
  'from-host': { days: 8, says: (from, to) => `Run ${to} elsewhere than on the ${from}` },
};

/** What a step makes use of, for people. */
export const usedBy = (kind: StepKind): string => efforts[kind].by;

export type AttackGraph = DirectedGraph<Record<string, never>, Step>;

/** Capabilities of Linux by which a container takes over its host. */
export const dangerousCapabilities: ReadonlySet<string> = new Set([
  'ALL',
  'SYS_ADMIN',
  'SYS_PTRACE',
  'SYS_MODULE',
  'SYS_RAWIO',
  'DAC_READ_SEARCH',
  'NET_ADMIN',
  'BPF',
]);

const sensitivePaths = [
  '/etc',
  '/root',
  '/home',
  '/usr',
  '/boot',
  '/dev',
  '/proc',
  '/sys',
  '/run',
  '/var/run',
  '/var/lib/docker',
  '/var/lib/kubelet',
];

/** Paths of a host by which a container takes over its host, where it may write there. */
export function isSensitivePath(path: string): boolean {
  const bare = path.replace(/\/+$/, '');
  return (
    path.startsWith('/') &&
    (bare === '' ||
      bare === '/var' ||
      sensitivePaths.some((one) => bare === one || bare.startsWith(`${one}/`)))
  );
}

export const isHardened = (service: Service): boolean =>
  service.rootless === true && service.readOnly && service.dropsAll && !service.privileged;

export const isExposed = (service: Service): boolean => service.ports.some(({ loopback }) => !loopback);

const isOpenByNature = ({ role }: Service): boolean =>
  role === 'store' || role === 'queue' || role === 'admin';

/**
 * Who gets where from the internet, and how hard it is. Besides services there are networks, so that what can be cut is
 * a service's place in a network, and hosts. Of several ways from one to another the easiest counts.
 */
export function attackGraph(description: Description): AttackGraph {
  const graph: AttackGraph = new DirectedGraph();
  const services = new Map(description.services.map((service) => [service.name, service]));
  graph.addNode(internet);
  for (const name of services.keys()) graph.addNode(name);
  const add = (from: string, to: string, kind: StepKind): void => {
    const target = services.get(to);
    const effort =
      efforts[kind].effort +
      (target !== undefined && kind !== 'from-host' && isHardened(target) ? hardened : 0);
    const { days, says } = measures[kind];
    graph.mergeNode(from);
    graph.mergeNode(to);
    if (graph.hasEdge(from, to)) {
      if (graph.getEdgeAttribute(from, to, 'effort') <= effort) return;
      graph.dropEdge(from, to);
    }
    graph.addEdge(from, to, { kind, effort, days, measure: says(from, to) });
  };
  for (const service of services.values()) {
    if (isExposed(service))
      add(
        internet,
        service.name,
        isOpenByNature(service) ? 'open-store' : service.entry ? 'entry' : 'open-service',
      );
  }
  serviceGraph(description).forEachEdge((_edge, { credential }, from, to) => {
    if (canConnect(services.get(from), services.get(to)))
      add(from, to, credential ? 'credential' : 'connection');
  });
  for (const service of services.values()) {
    const { name } = service;
    for (const network of [...service.networks].sort(byCodeUnit)) {
      add(name, `network ${network}`, 'network-out');
      if (service.allowedFrom === null) add(`network ${network}`, name, 'network-in');
    }
    for (const other of service.allowedFrom ?? [])
      if (other !== name && services.has(other)) add(other, name, 'connection');
    const host = `${service.platform} host`;
    const way = wayToHost(service);
    if (way !== null) add(name, host, way);
  }
  for (const service of services.values()) {
    const host = `${service.platform} host`;
    if (graph.hasNode(host)) add(host, service.name, 'from-host');
  }
  return graph;
}

function wayToHost(service: Service): 'socket' | 'privileged' | 'host-access' | null {
  if (service.mounts.some(({ kind }) => kind === 'socket')) return 'socket';
  if (service.privileged) return 'privileged';
  const byPath = service.mounts.some(
    ({ kind, source, writable }) => kind === 'host' && writable && isSensitivePath(source),
  );
  const byCapability = service.capabilities.some((capability) => dangerousCapabilities.has(capability));
  return byPath || byCapability || service.hostNamespaces.length > 0 ? 'host-access' : null;
}

/** Whether a connection that is described can be made, by networks and policies. */
export function canConnect(from: Service | undefined, to: Service | undefined): boolean {
  if (from === undefined || to === undefined) return false;
  if (from.platform !== to.platform) return isExposed(to) || from.platform === 'kubernetes';
  if (to.allowedFrom !== null) return to.allowedFrom.includes(from.name);
  if (from.platform === 'kubernetes') return true;
  return (
    from.hostNamespaces.includes('network') || from.networks.some((network) => to.networks.includes(network))
  );
}
