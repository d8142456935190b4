import { type Ledger, type LedgerEntry, ledgerSchema } from '../../../libs/contracts/discovery.js';
import type { Discoveries } from '../../../libs/contracts/item-history.js';
import { type Viewer, visibleTo } from '../../../libs/discovery/visible.js';
import type { Digest } from '../../../libs/protocol/digest.js';
import { readPhases } from '../../../libs/temporal/phase-histories.js';
import { queryLedger } from '../../../libs/temporal/query-ledger.js';
import type { Dependencies } from '../dependencies.js';
import { discoveryViewer, type VisibilityQuery } from './discovery-viewer.js';
import { readExecution } from './read-execution.js';
import { historyOf, openRun, type RunReading } from './run-reading.js';

/**
 * What was discovered in a run so far, as far as the asker may see it. While execute goes on this needs a worker that
 * answers; without one the answer says so.
 *
 * @throws HeptadError `RunUnknown`, `EngineUnreachable`
 */
export async function listDiscoveries(
  dependencies: Dependencies,
  run: string,
  query: VisibilityQuery,
): Promise<Discoveries> {
  const reading = await openRun(dependencies, run);
  const { digest, ledger, unavailable } = await readLedger(dependencies, reading);
  const shown = visibleEntries(ledger?.entries ?? [], discoveryViewer(dependencies, reading, query));
  return {
    ledger: digest,
    discoveries: shown,
    hidden: (ledger?.entries.length ?? 0) - shown.length,
    unavailable,
  };
}

/** The ledger of a run, or why it cannot be had. */
export interface LedgerReading {
  readonly digest: Digest | null;
  readonly ledger: Ledger | null;
  readonly unavailable: string | null;
}

export async function readLedger(dependencies: Dependencies, reading: RunReading): Promise<LedgerReading> {
  const { engine, store } = dependencies;
  const { summary } = reading;
  const none = (unavailable: string | null): LedgerReading => ({ digest: null, ledger: null, unavailable });
  const read = await readExecution(dependencies, reading, readPhases(summary.id, await historyOf(reading)));
  if (read.kind === 'unavailable') return none(read.says);
  const answer = read.kind === 'asked' ? await queryLedger(engine, summary.id) : read.execution;
  if (!answer) return none('No worker says what was discovered so far.');
  const digest = answer.ledger ?? null;
  if (digest === null) return none(null);
  if (!(await store.has(digest))) return none('The ledger is not in the artifact store any more.');
  return { digest, ledger: await store.getJson(digest, ledgerSchema), unavailable: null };
}

/** An entry that did not keep to its contract says nothing of what was found, and so is shown to everybody. */
export const visibleEntries = (entries: readonly LedgerEntry[], viewer: Viewer): LedgerEntry[] =>
  entries.filter(({ discovery }) => discovery === null || visibleTo(discovery, viewer));
