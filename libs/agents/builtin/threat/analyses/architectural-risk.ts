import type { ArchitecturalRisk } from '../../../../contracts/reports/threat.js';
import type { Description, Service } from '../description/description.js';
import {
  canConnect,
  dangerousCapabilities,
  internet,
  isExposed,
  isSensitivePath,
} from '../graph/attack-graph.js';
import { circles } from '../graph/circles.js';
import { cutPoints, type Neighbours, neighboursOf, partsOf } from '../graph/cut-points.js';
import { serviceGraph } from '../graph/service-graph.js';
import { zonesOf } from '../graph/zones.js';
import { conclude, Findings } from './conclude.js';

/** What fails together, what is open, and what is configured dangerously. */
export function analyseArchitecture(description: Description): ArchitecturalRisk {
  const { services, connections, dangling } = description;
  const findings = new Findings('architectural-risk');
  const unread = findings.addUnread(description, 'infrastructure');
  if (services.length === 0)
    findings.add('no-services', 'major', null, 'The description has no service that can be read.');
  for (const service of services) {
    checkExposure(service, findings);
    checkPrivileges(service, findings);
    checkCare(service, findings);
  }
  for (const { from, to, place } of dangling)
    findings.add('unknown-dependency', 'major', place, `${from} depends on ${to}, which is no service.`);

  const byName = new Map(services.map((service) => [service.name, service]));
  const graph = serviceGraph(description);
  const used = graph.mapEdges((_edge, link, from, to) => ({ from, to, link }));
  for (const { from, to, link } of used)
    if (!canConnect(byName.get(from), byName.get(to)))
      findings.add('cannot-connect', 'minor', link.place, `${from} uses ${to}, but no network lets it.`);
  for (const circle of circles(graph)) {
    const place =
      connections.find(({ from, to }) => circle.includes(from) && circle.includes(to))?.place ?? null;
    findings.add('dependency-cycle', 'major', place, `These depend on each other: ${circle.join(', ')}.`);
  }
  const neighbours = neighboursOf(
    [internet, ...byName.keys()],
    [
      ...used.map(({ from, to }): [string, string] => [from, to]),
      ...services.filter(isExposed).map(({ name }): [string, string] => [internet, name]),
    ],
  );
  const { articulations, bridges } = cutPoints(neighbours);
  checkFailures(
    services,
    { articulations, neighbours, usersOf: (name) => graph.inNeighbors(name) },
    findings,
  );

  const zones = zonesOf(description);
  const unclear = services.filter(({ images }) => images.some(({ image }) => image.includes('$'))).length;
  return {
    kind: 'architectural-risk',
    ...conclude(findings.all, {
      checked: services.length + connections.length - unclear,
      unchecked: unread + dangling.length + unclear,
    }),
    services: services.map((service) => ({
      name: service.name,
      role: service.role,
      zone: zones.get(service.name) ?? 'isolated',
      replicas: service.replicas,
      published: service.ports.map(({ shown }) => shown),
    })),
    connections: used.map(({ from, to, link }) => ({ from, to, encrypted: link.encrypted })),
    articulations: articulations.filter((name) => name !== internet),
    bridges: bridges.map((ends) => ends.join(' - ')),
    cycles: circles(graph),
  };
}

function checkExposure({ name, role, entry, ports }: Service, findings: Findings): void {
  for (const { shown, loopback, place } of ports) {
    if (loopback || entry) continue;
    if (role === 'store' || role === 'queue')
      findings.add('published-store', 'critical', place, `The ${role} ${name} is open at ${shown}.`);
    else if (role === 'admin')
      findings.add(
        'published-admin',
        'major',
        place,
        `The tool for administrators ${name} is open at ${shown}.`,
      );
    else findings.add('published-port', 'minor', place, `${name} is open at ${shown} and is no entry.`);
  }
}

function checkPrivileges(service: Service, findings: Findings): void {
  const { name, place } = service;
  if (service.privileged) findings.add('privileged', 'critical', place, `${name} runs privileged.`);
  for (const capability of service.capabilities)
    if (dangerousCapabilities.has(capability))
      findings.add('dangerous-capability', 'major', place, `${name} has the capability ${capability}.`);
  for (const namespace of service.hostNamespaces)
    findings.add('host-namespace', 'major', place, `${name} is in the host's ${namespace} namespace.`);
  for (const mount of service.mounts) {
    if (mount.kind === 'socket')
      // Read-only is no protection: whoever can open the socket can ask the engine for anything.
      findings.add('docker-socket', 'critical', mount.place, `${name} has the socket ${mount.source}.`);
    else if (mount.kind === 'host' && mount.writable && isSensitivePath(mount.source))
      findings.add('host-path', 'major', mount.place, `${name} may write to ${mount.source} of the host.`);
  }
  for (const secret of service.secrets)
    if (secret.literal)
      findings.add(
        'literal-secret',
        'major',
        secret.place,
        `The value of ${secret.name} is written in the file (${name}).`,
      );
  if (service.rootless !== true)
    findings.add(
      'may-run-as-root',
      'minor',
      place,
      service.rootless === false
        ? `${name} runs as root.`
        : `${name} does not say that it runs without root.`,
    );
}

function checkCare(service: Service, findings: Findings): void {
  const { name, place, images } = service;
  for (const { image, place: at } of images) {
    const floating = isFloating(image);
    if (floating !== null)
      findings.add('floating-tag', 'minor', at, `The image ${image} of ${name} ${floating}.`);
  }
  if (!service.memoryLimit)
    findings.add('no-memory-limit', 'minor', place, `${name} has no limit of memory.`);
  if (!service.healthcheck) findings.add('no-healthcheck', 'minor', place, `${name} has no health check.`);
}

/** Why an image may be another one tomorrow; null where it may not. */
export function isFloating(image: string): string | null {
  if (image.includes('@sha256:')) return null;
  const tag = /:([^/]*)$/.exec(image)?.[1];
  if (tag === undefined) return 'has no tag';
  if (/^(?:latest|stable|edge|main|master|nightly)$/.test(tag)) return 'has a tag that moves';
  return tag.includes('$') ? 'has a tag that a variable decides' : null;
}

/** Whose failure takes others with it: those who cut others off, and those that several use, with one replica each. */
function checkFailures(
  services: readonly Service[],
  graph: {
    readonly articulations: readonly string[];
    readonly neighbours: Neighbours;
    readonly usersOf: (name: string) => string[];
  },
  findings: Findings,
): void {
  for (const { name, replicas, place } of services) {
    if (replicas > 1) continue;
    const users = graph.usersOf(name);
    if (graph.articulations.includes(name))
      findings.add(
        'single-point-of-failure',
        'major',
        place,
        `${name} has one replica, and without it these are cut off: ${cutOffBy(name, graph.neighbours).join(', ')}.`,
      );
    else if (users.length > 1)
      findings.add(
        'shared-single-replica',
        'minor',
        place,
        `${name} has one replica and is used by ${users.join(', ')}.`,
      );
  }
}

/** Who is left alone without a service: all but the part with the internet, or but the largest where that is far. */
function cutOffBy(name: string, neighbours: Neighbours): string[] {
  const around = neighbours.get(name) ?? new Set<string>();
  const parts = partsOf(neighbours, new Set([name])).filter((part) => part.some((one) => around.has(one)));
  const largest = parts.toSorted((a, b) => b.length - a.length)[0];
  const rest = parts.find((part) => part.includes(internet)) ?? largest;
  return parts.filter((part) => part !== rest).flat();
}
