import type { ControlCheck, Description, Place, Service } from '../description/description.js';
import { isExposed } from '../graph/attack-graph.js';
import { isFloating } from './architectural-risk.js';

/** What speaks against a control. */
export interface Broken {
  readonly says: string;
  readonly place: Place;
}

/**
 * What the description shows against a control, in the order of the services' names.
 *
 * @param appliesTo the services that are looked at; null looks at all
 */
export function breaksControl(
  check: ControlCheck,
  description: Description,
  appliesTo: readonly string[] | null,
): Broken[] {
  const services = description.services.filter(({ name }) => appliesTo?.includes(name) ?? true);
  const where = (breaks: (service: Service) => boolean, says: string): Broken[] =>
    services.filter(breaks).map(({ name, place }) => ({ says: `${name} ${says}`, place }));
  switch (check) {
    case 'no-published-stores':
      return where(
        (service) => (service.role === 'store' || service.role === 'queue') && isExposed(service),
        'is open to the outside',
      );
    case 'no-privileged':
      return where(({ privileged }) => privileged, 'runs privileged');
    case 'no-docker-socket':
      return where(
        ({ mounts }) => mounts.some(({ kind }) => kind === 'socket'),
        'has the socket of the engine',
      );
    case 'no-literal-secrets':
      return where(({ secrets }) => secrets.some(({ literal }) => literal), 'has a secret in its file');
    case 'pinned-images':
      return where(
        ({ images }) => images.some(({ image }) => isFloating(image) !== null),
        'has an image that moves',
      );
    case 'rootless':
      return where(({ rootless }) => rootless !== true, 'may run as root');
    case 'memory-limits':
      return where(({ memoryLimit }) => !memoryLimit, 'has no limit of memory');
    case 'healthchecks':
      return where(({ healthcheck }) => !healthcheck, 'has no health check');
    case 'redundant':
      return where(({ replicas }) => replicas < 2, 'has one replica');
    case 'encrypted-connections': {
      const names = new Set(services.map(({ name }) => name));
      return [...description.connections, ...description.external.map((one) => ({ ...one, to: one.host }))]
        .filter(({ from, to, encrypted }) => encrypted === false && (names.has(from) || names.has(to)))
        .map(({ from, to, place }) => ({ says: `${from} reaches ${to} unencrypted`, place }));
    }
  }
}
