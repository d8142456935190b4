import type { z } from 'zod';
import type { PublishedPort } from '../description.js';
import { ingressSchema, serviceSchema } from './kubernetes-schema.js';
import { type Manifests, placeIn, selected, type Workload } from './manifest.js';

/** How workloads are reached: by which names, and from outside by which ports. */
export interface Exposure {
  readonly hosts: { readonly host: string; readonly service: string }[];
  /** By the workload's name. */
  readonly ports: Map<string, PublishedPort[]>;
  /** Those that are meant to be reached from outside: behind an Ingress or a load balancer. */
  readonly entries: Set<string>;
}

/** What the objects of the kinds Service and Ingress open. */
export function readExposure(manifests: Manifests, workloads: readonly Workload[]): Exposure {
  const exposure: Exposure = { hosts: [], ports: new Map(), entries: new Set() };
  const ingresses = manifests.ofKind('Ingress', ingressSchema);
  const publish = (service: string, port: PublishedPort): void => {
    exposure.ports.set(service, [...(exposure.ports.get(service) ?? []), port]);
  };
  for (const { manifest, body } of manifests.ofKind('Service', serviceSchema)) {
    const { name, namespace } = manifest;
    const { selector, type, externalIPs, ports } = body.spec;
    const behind = Object.keys(selector).length === 0 ? [] : selected(workloads, namespace, selector);
    for (const { manifest: workload } of behind) {
      const service = workload.name;
      for (const suffix of ['', `.${namespace}`, `.${namespace}.svc`, `.${namespace}.svc.cluster.local`])
        exposure.hosts.push({ host: `${name}${suffix}`, service });
      if (type === 'LoadBalancer') exposure.entries.add(service);
      if (type === 'LoadBalancer' || type === 'NodePort' || externalIPs.length > 0)
        for (const [index, { port, nodePort }] of ports.entries()) {
          const number = type === 'NodePort' ? (nodePort ?? null) : port;
          publish(service, {
            shown: `${type} ${number ?? `any (to ${port})`}`,
            number,
            loopback: false,
            place: placeIn(manifest, ['spec', 'ports', index]),
          });
        }
      for (const { manifest: ingress, body: rules } of ingresses) {
        const routes = backendsOf(rules).filter((backend) => backend.service === name);
        if (ingress.namespace !== namespace || routes.length === 0) continue;
        exposure.entries.add(service);
        publish(service, {
          shown: `Ingress ${ingress.name}`,
          number: rules.spec.tls.length > 0 ? 443 : 80,
          loopback: false,
          place: placeIn(ingress, ['spec']),
        });
        for (const { host } of routes)
          if (host !== undefined) exposure.hosts.push({ host: host.toLowerCase(), service });
      }
    }
  }
  return exposure;
}

const backendsOf = ({
  spec,
}: z.infer<typeof ingressSchema>): { host: string | undefined; service: string }[] =>
  [
    { host: undefined, backend: spec.defaultBackend },
    ...spec.rules.flatMap(({ host, http }) => (http?.paths ?? []).map(({ backend }) => ({ host, backend }))),
  ].flatMap(({ host, backend }) =>
    backend?.service === undefined ? [] : [{ host, service: backend.service.name }],
  );
