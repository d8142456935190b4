import { networkPolicySchema } from './kubernetes-schema.js';
import { type Manifests, selected, type Workload } from './manifest.js';

/** Says of a workload who may connect to it: names of workloads, null where no policy selects it. */
export type AllowedFrom = (workload: Workload) => string[] | null;

/** What the objects of the kind NetworkPolicy let in. In doubt they let in more. */
export function readPolicies(manifests: Manifests, workloads: readonly Workload[]): AllowedFrom {
  const policies = manifests.ofKind('NetworkPolicy', networkPolicySchema).filter(({ manifest, body }) => {
    if (body.spec.podSelector.matchExpressions.length === 0) return true;
    // Taken without its expressions it would protect more than it does.
    manifests.leave(
      manifest,
      ['spec', 'podSelector'],
      `"matchExpressions" are not read (NetworkPolicy ${manifest.name})`,
    );
    return false;
  });
  return (workload) => {
    const ruling = policies.filter(
      ({ manifest, body: { spec } }) =>
        (spec.policyTypes ?? ['Ingress']).includes('Ingress') &&
        selected([workload], manifest.namespace, spec.podSelector.matchLabels).length > 0,
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
                : selected(workloads, manifest.namespace, podSelector.matchLabels),
            ),
      ),
    );
    return [...new Set(peers.map(({ manifest: { name } }) => name))];
  };
}
