import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { z } from 'zod';
import type { ArtifactStore } from '../artifacts/artifact-store.js';
import { type ArtifactRef, artifactRefSchema, digestSchema } from '../contracts/artifact.js';
import type { ArchivedHistory, HistoryArchive, Seal } from '../contracts/evidence.js';
import type { NamedRefs } from '../contracts/phase.js';
import { decisions } from '../contracts/reports/synthesis.js';
import { type RunRequest, runRequestSchema } from '../contracts/request.js';
import type { RunSummary } from '../contracts/run.js';
import { HeptadError } from '../protocol/errors.js';
import { workflowId } from '../protocol/names.js';
import { type PhaseName, phaseNames } from '../protocol/phases.js';
import { searchAttribute } from '../protocol/search-attributes.js';
import { runState } from '../protocol/states.js';
import {
  activityResults,
  closingOf,
  failureIn,
  type History,
  searchAttributesOf,
  startOf,
  timeOf,
} from '../temporal/histories.js';

const receiptSchema = z.object({ path: z.string(), manifest: digestSchema });

/** What the histories of a run that has ended say of it. */
export interface ClosedRun {
  readonly request: RunRequest;
  readonly status: Seal['status'];
  readonly failure: Seal['failure'];
  readonly records: NamedRefs;
  /** What `deliver` answered; null where nothing was delivered. */
  readonly delivered: z.infer<typeof receiptSchema> | null;
  readonly summary: RunSummary & { readonly closedAt: string };
}

/**
 * Reads a run that has ended from its archived histories, and from nothing else.
 *
 * @throws HeptadError `InputInvalid` the archive has no history of `run`, or one that is not closed
 */
export async function readClosedRun(store: ArtifactStore, archive: HistoryArchive): Promise<ClosedRun> {
  const chainOf = (id: string) => readChain(store, archive, id);
  const chain = await chainOf(workflowId.run(archive.run));
  const [first] = chain;
  const last = chain.at(-1);
  if (!first || !last)
    throw new HeptadError('InputInvalid', `The archive has no history of ${workflowId.run(archive.run)}.`);
  const status = closingOf(last);
  if (!status || status === 'CONTINUED_AS_NEW')
    throw new HeptadError('InputInvalid', `The history of ${workflowId.run(archive.run)} is not closed.`);
  const request = runRequestSchema.parse(startOf(first).args[0]);
  const attributes = Object.assign({}, ...chain.map(searchAttributesOf)) as Record<string, unknown>;
  const decision = z.enum(decisions).nullable().catch(null).parse(attributes[searchAttribute.decision.name]);
  const records: [PhaseName, ArtifactRef][] = [];
  for (const phase of phaseNames) {
    const written = await resultsOf(chainOf(workflowId.phase(archive.run, phase)), 'writeRecord');
    const record = artifactRefSchema.safeParse(written.at(-1));
    if (record.success) records.push([phase, record.data]);
  }
  const receipts = await resultsOf(chainOf(workflowId.phase(archive.run, 'deliver')), 'deliverPackage');
  return {
    request,
    status,
    failure: failureIn(last),
    records: Object.fromEntries(records),
    delivered: receiptSchema.nullable().catch(null).parse(receipts.at(-1)),
    summary: {
      id: archive.run,
      state: runState({ status, steering: undefined, decision: decision ?? undefined }),
      tenant: request.tenant,
      template: textOf(attributes[searchAttribute.template.name]) ?? 'unknown',
      subject: textOf(attributes[searchAttribute.subject.name]),
      phase: z.enum(phaseNames).nullable().catch(null).parse(attributes[searchAttribute.phase.name]),
      decision,
      startedAt: timeOf(first, 'first'),
      closedAt: timeOf(last, 'last'),
    },
  };
}

async function readChain(store: ArtifactStore, archive: HistoryArchive, id: string): Promise<History[]> {
  const runs = archive.histories.filter(({ workflowId }) => workflowId === id);
  return await Promise.all(runs.map((run) => readHistory(store, run)));
}

async function readHistory(store: ArtifactStore, { history }: ArchivedHistory): Promise<History> {
  return historyFromJSON(JSON.parse((await store.get(history.digest)).toString('utf8')));
}

async function resultsOf(chain: Promise<readonly History[]>, activityType: string): Promise<unknown[]> {
  return (await chain).flatMap((history) => activityResults(history, activityType));
}

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);
