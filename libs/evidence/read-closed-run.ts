import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { z } from 'zod';
import type { ArtifactStore } from '../artifacts/artifact-store.js';
import { type ArtifactRef, artifactRefSchema, digestSchema } from '../contracts/artifact.js';
import type { HistoryArchive, Seal } from '../contracts/evidence.js';
import type { NamedRefs } from '../contracts/phase.js';
import { decisions } from '../contracts/reports/synthesis.js';
import { type RunRequest, runRequestSchema } from '../contracts/request.js';
import type { RunSummary } from '../contracts/run.js';
import type { Digest } from '../protocol/digest.js';
import { HeptadError } from '../protocol/errors.js';
import { workflowId } from '../protocol/names.js';
import { type PhaseName, phaseNames } from '../protocol/phases.js';
import { searchAttribute } from '../protocol/search-attributes.js';
import { runState } from '../protocol/states.js';
import {
  activityResults,
  type Closing,
  closingOf,
  failureIn,
  type History,
  searchAttributesOf,
  startOf,
  timeOf,
} from '../temporal/histories.js';

const receiptSchema = z.object({ path: z.string(), manifest: digestSchema, receipt: digestSchema });

const elsewhereSchema = z.object({ receipt: artifactRefSchema });

/** What the history of a phase says of it. */
export interface ClosedPhase {
  readonly phase: PhaseName;
  /** How it ended; undefined where its history is not closed. */
  readonly closing: Closing | undefined;
  /** What its `writeRecord` answered, each time. */
  readonly written: readonly ArtifactRef[];
}

/** What the histories of a run that has ended say of it. */
export interface ClosedRun {
  readonly request: RunRequest;
  readonly status: Seal['status'];
  readonly failure: Seal['failure'];
  /** Phases that were started, in order. */
  readonly phases: readonly ClosedPhase[];
  /** The record of each phase that wrote one. */
  readonly records: NamedRefs;
  /** What `deliver` answered; null where nothing was delivered. */
  readonly delivered: z.infer<typeof receiptSchema> | null;
  /** Receipts of what was delivered elsewhere. */
  readonly deliveries: readonly Digest[];
  readonly summary: RunSummary & { readonly closedAt: string };
}

/** The histories of a run that has ended, by workflow id, each with every run of its chain, oldest first. */
export type ArchivedChains = ReadonlyMap<string, readonly History[]>;

/** Reads the histories that an archive names. */
export async function readArchive(store: ArtifactStore, archive: HistoryArchive): Promise<ArchivedChains> {
  const chains = new Map<string, History[]>();
  for (const { workflowId: id, history } of archive.histories) {
    const bytes = await store.get(history.digest);
    chains.set(id, [...(chains.get(id) ?? []), historyFromJSON(JSON.parse(bytes.toString('utf8')))]);
  }
  return chains;
}

/**
 * Reads a run that has ended from its archived histories, and from nothing else.
 *
 * @throws HeptadError `InputInvalid` there is no history of `run`, one that is not closed, or one of another form
 */
export function readClosedRun(run: string, chains: ArchivedChains): ClosedRun {
  const id = workflowId.run(run);
  const chain = chains.get(id) ?? [];
  const [first] = chain;
  const last = chain.at(-1);
  if (!first || !last) throw new HeptadError('InputInvalid', `The archive has no history of ${id}.`);
  const status = closingOf(last);
  if (!status || status === 'CONTINUED_AS_NEW')
    throw new HeptadError('InputInvalid', `The history of ${id} is not closed.`);
  const request = runRequestSchema.safeParse(startOf(first).args[0]);
  if (!request.success)
    throw new HeptadError(
      'InputInvalid',
      `The history of ${id} does not begin with a request that is known.`,
    );
  const attributes = Object.assign({}, ...chain.map(searchAttributesOf)) as Record<string, unknown>;
  const decision = z.enum(decisions).nullable().catch(null).parse(attributes[searchAttribute.decision.name]);
  const phases = phaseNames.flatMap((phase) => closedPhase(phase, chains.get(workflowId.phase(run, phase))));
  const delivery = chains.get(workflowId.phase(run, 'deliver')) ?? [];
  return {
    request: request.data,
    status,
    failure: failureIn(last),
    phases,
    records: Object.fromEntries(
      phases.flatMap(({ phase, written }) => written.slice(-1).map((record) => [phase, record])),
    ),
    delivered: receiptSchema.nullable().catch(null).parse(resultsOf(delivery, 'deliverPackage').at(-1)),
    deliveries: resultsOf(delivery, 'deliverTo').flatMap(
      (result) => elsewhereSchema.safeParse(result).data?.receipt.digest ?? [],
    ),
    summary: {
      id: run,
      state: runState({ status, steering: undefined, decision: decision ?? undefined }),
      tenant: request.data.tenant,
      template: textOf(attributes[searchAttribute.template.name]) ?? 'unknown',
      subject: textOf(attributes[searchAttribute.subject.name]),
      phase: z.enum(phaseNames).nullable().catch(null).parse(attributes[searchAttribute.phase.name]),
      decision,
      startedAt: timeOf(first, 'first'),
      closedAt: timeOf(last, 'last'),
    },
  };
}

function closedPhase(phase: PhaseName, chain: readonly History[] | undefined): ClosedPhase[] {
  const last = chain?.at(-1);
  if (!chain || !last) return [];
  const written = resultsOf(chain, 'writeRecord').flatMap(
    (result) => artifactRefSchema.safeParse(result).data ?? [],
  );
  return [{ phase, closing: closingOf(last), written }];
}

const resultsOf = (chain: readonly History[], activityType: string): unknown[] =>
  chain.flatMap((history) => activityResults(history, activityType));

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);
