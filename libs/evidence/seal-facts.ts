import type { ArtifactStore } from '../artifacts/artifact-store.js';
import type { PhaseRecord, Seal } from '../contracts/evidence.js';
import { acceptedRequestSchema } from '../contracts/phase.js';
import type { ClosedRun } from './read-closed-run.js';
import { readSigned } from './read-named-documents.js';
import { headOf } from './record-problems.js';

/** What a seal says of its run: what follows from the histories, and from the records that they name. */
export async function sealFacts(store: ArtifactStore, closed: ClosedRun, records: readonly PhaseRecord[]) {
  const { request, status, failure, delivered, deliveries, summary } = closed;
  return {
    tenant: request.tenant,
    request: request.request.digest,
    status,
    failure,
    startedAt: summary.startedAt,
    closedAt: summary.closedAt,
    template: summary.template,
    subject: summary.subject ?? 'unknown',
    decision: summary.decision,
    records: closed.records,
    packageManifest: delivered?.manifest ?? null,
    packagePath: delivered?.path ?? null,
    receipt: delivered?.receipt ?? null,
    deliveries: [...deliveries],
    ...(await factsOfRecords(store, records)),
  } satisfies Partial<Seal>;
}

/** What a seal says that follows from the records alone, and from the request that ingest accepted. */
export async function factsOfRecords(
  store: ArtifactStore,
  records: readonly PhaseRecord[],
): Promise<Pick<Seal, 'head' | 'templateDigest' | 'manifests'>> {
  return {
    head: headOf(records),
    templateDigest: await templateOf(store, records),
    manifests: manifestsOf(records),
  };
}

async function templateOf(
  store: ArtifactStore,
  records: readonly PhaseRecord[],
): Promise<Seal['templateDigest']> {
  const accepted = records.find(({ phase, failure }) => phase === 'ingest' && !failure)?.output;
  if (!accepted) return null;
  return (await readSigned(store, accepted, acceptedRequestSchema))?.request.template.digest ?? null;
}

/** Each agent that worked, with each manifest by which it did, once. */
function manifestsOf(records: readonly PhaseRecord[]): Seal['manifests'] {
  const worked = new Map(
    records.flatMap(({ agents }) =>
      agents.map(({ agent, manifest }) => [`${agent} ${manifest}`, { agent, manifest }] as const),
    ),
  );
  return [...worked].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}
