import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { createEvidenceActivities } from '../../../activities/evidence/index.js';
import { mediaType } from '../../../libs/artifacts/media-types.js';
import type { EvidenceActivities } from '../../../libs/contracts/activities.js';
import type { ArtifactRef } from '../../../libs/contracts/artifact.js';
import { type Pass, phaseRecordSchema } from '../../../libs/contracts/evidence.js';
import type { RunRequest } from '../../../libs/contracts/request.js';
import type { PinnedKey } from '../../../libs/contracts/signature.js';
import type { Signer } from '../../../libs/crypto/signer.js';
import type { Trust } from '../../../libs/crypto/trust.js';
import { packageFolder } from '../../../libs/packaging/package-folder.js';
import { workflowId } from '../../../libs/protocol/names.js';
import type { PhaseName } from '../../../libs/protocol/phases.js';
import { freshSigner, pinnedKeyOf, trustIn } from '../signers.js';
import { type SmallRun, smallRun } from '../small-run.js';
import { carryOutRun } from './carry-out-run.js';
import { RecordedHistory } from './recorded-history.js';

export interface GenuineOptions {
  /** Its id. Default: `genuine`. */
  readonly run?: string;
  /** Whether execute fails; then nothing is delivered. */
  readonly fails?: boolean;
  /** Whether pass B rejects coordinate, and a person waives that. */
  readonly waived?: boolean;
  /** What is carried out. Default: a small review. */
  readonly small?: (run: string) => Promise<SmallRun>;
  /** Whether it is sealed. Default: it is. */
  readonly sealed?: boolean;
}

/** A run whose package, and the seal of it, are the work of the product's own writers. */
export interface GenuineRun {
  readonly run: string;
  readonly subject: string;
  /** Its folder among the packages. */
  readonly folder: string;
  readonly signers: SmallRun['signers'];
  readonly person: Signer;
  /** The public keys of all of them. */
  readonly pinned: readonly PinnedKey[];
}

/** A run as far as it has come. */
export interface Progressing {
  readonly small: SmallRun;
  readonly person: Signer;
  readonly trust: Trust;
  /** Folder of the packages. */
  readonly packages: string;
  readonly request: RunRequest;
  readonly evidence: EvidenceActivities;
  /** The history of `run`. */
  readonly envelope: RecordedHistory;
  readonly histories: RecordedHistory[];
  readonly records: Map<PhaseName, ArtifactRef>;
  readonly verdictsOfExecute: ReadonlyMap<Pass, ArtifactRef>;
}

/**
 * Carries a run out without Temporal, sandbox or network, delivers it and seals it.
 *
 * Real: store, attempt logs and steps (by the worker's interceptor), records, staging, attestations, delivery, account,
 * waiver, archive and seal, each with the checks that the product makes before it writes. Made by hand, because they
 * would need a sandbox or a server: what the agents answered and the merge (`small-run.ts`, `small-delivery.ts`), what
 * the verifiers found (signed with their keys, on the real digests), the order of events in the histories
 * (`recorded-history.ts`), and the workflow code, which is not executed.
 */
export async function genuineRun({
  run = 'genuine',
  fails = false,
  waived = false,
  sealed = true,
  small: make = (id) => smallRun({ run: id }),
}: GenuineOptions = {}): Promise<GenuineRun> {
  const small = await make(run);
  const person = freshSigner('person:ada');
  const progressing = await begin(small, person);
  await carryOutRun(progressing, { fails, waived });
  if (sealed) {
    const { archive } = await progressing.evidence.archiveHistories({ run });
    await progressing.evidence.writeSeal({ run, by: 'conclude', archive });
  }
  return {
    run,
    subject: small.accepted.captured.title,
    folder: packageFolder(progressing.packages, run),
    signers: small.signers,
    person,
    pinned: [...Object.values(small.signers), person].map((signer) => pinnedKeyOf(signer)),
  };
}

async function begin(small: SmallRun, person: Signer): Promise<Progressing> {
  const { run, store, folder, signers, refs, template, accepted } = small;
  const request = { run, tenant: 'local', request: refs.request, waiverWindowMs: 60_000 };
  const envelope = new RecordedHistory(workflowId.run(run), 'run', request, {
    HeptadRun: run,
    HeptadTenant: 'local',
    HeptadTemplate: `${template.name}@${template.version}`,
    HeptadSubject: accepted.captured.title,
  });
  const histories = [envelope];
  const trust = trustIn(...Object.values(signers), person);
  const packages = join(folder, 'packages');
  const bundlePath = join(folder, 'bundle.js');
  await writeFile(bundlePath, bundle);
  const { producer, release } = signers;
  const client = serverOf(histories);
  return {
    small,
    person,
    trust,
    packages,
    request,
    evidence: createEvidenceActivities({
      ...{ store, client, packages, bundlePath, producer, release },
      trust: async () => trust,
    }),
    envelope,
    histories,
    records: new Map(),
    verdictsOfExecute: await verdictsIn(small),
  };
}

/** Stands for the workflow code of a release. */
const bundle = `'use strict';\n${Array.from({ length: 60 }, (_, line) => `exports.step${line} = ${line};`).join('\n')}\n`;

/** As much of a client as fetching histories asks for; these have all ended. */
function serverOf(histories: readonly RecordedHistory[]): Client {
  const getHandle = (id: string) => {
    const found = histories.find((history) => history.workflowId === id);
    if (!found) throw new Error(`There is no history of ${id}.`);
    return {
      describe: async () => ({ runId: found.runId, status: { name: 'COMPLETED' } }),
      fetchHistory: async () => found.history,
    };
  };
  return { workflow: { getHandle } } as unknown as Client;
}

/** The verdicts with which the small run was judged. */
async function verdictsIn({ store, refs }: SmallRun): Promise<ReadonlyMap<Pass, ArtifactRef>> {
  const { verdicts } = await store.getJson(refs.executeRecord.digest, phaseRecordSchema);
  const found = new Map<Pass, ArtifactRef>();
  for (const { pass, verdict: digest } of verdicts)
    found.set(pass, { digest, size: await store.size(digest), mediaType: mediaType.json });
  return found;
}
