import { byCodeUnit } from '../../subject/order.js';
import type { Connection, Dangling, External, Service } from './description.js';
import type { Part } from './part.js';

/** Names that always mean the one that says them. */
const itself = /^(?:localhost|127(?:\.\d+){3}|0\.0\.0\.0|\[?::1?\]?)$/;

/** Who uses whom: what services say they use, by the names under which services are reached. */
export function resolveUses(
  services: readonly Service[],
  parts: readonly Part[],
): { connections: Connection[]; external: External[]; dangling: Dangling[] } {
  const byName = new Map(services.map((service) => [service.name, service]));
  const hosts = new Map<string, string>();
  for (const { host, service } of parts.flatMap((part) => part.hosts))
    if (!hosts.has(host) && byName.has(service)) hosts.set(host, service);
  const connections: Connection[] = [];
  const external: External[] = [];
  const dangling: Dangling[] = [];
  for (const use of parts.flatMap((part) => part.uses)) {
    const { from, place } = use;
    const user = byName.get(from);
    if (user === undefined) continue;
    const credentials = user.secrets.length > 0;
    if (use.by !== 'address') {
      if (!byName.has(use.name)) dangling.push({ from, to: use.name, place });
      else if (use.name !== from)
        connections.push({ from, to: use.name, by: use.by, encrypted: null, credential: credentials, place });
      continue;
    }
    const { host, url, encrypted, credential } = use.address;
    const to = hosts.get(host);
    if (to === from || itself.test(host)) continue;
    if (to !== undefined)
      connections.push({ from, to, by: 'address', encrypted, credential: credential || credentials, place });
    else if (host.includes('.')) external.push({ from, host, encrypted, place });
    else if (url) dangling.push({ from, to: host, place });
  }
  return {
    connections: connections.toSorted(
      (a, b) => byCodeUnit(a.from, b.from) || byCodeUnit(a.to, b.to) || byPlace(a.place, b.place),
    ),
    external: external.toSorted(
      (a, b) => byCodeUnit(a.from, b.from) || byCodeUnit(a.host, b.host) || byPlace(a.place, b.place),
    ),
    dangling: dangling.toSorted(
      (a, b) => byCodeUnit(a.from, b.from) || byCodeUnit(a.to, b.to) || byPlace(a.place, b.place),
    ),
  };
}

const byPlace = (a: { file: string; line: number }, b: { file: string; line: number }): number =>
  byCodeUnit(a.file, b.file) || a.line - b.line;
