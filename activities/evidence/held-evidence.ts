import type { ArtifactStore } from '../../libs/artifacts/artifact-store.js';
import { canonicalJson } from '../../libs/artifacts/canonical-json.js';
import { digestOfJson } from '../../libs/artifacts/digest-of-json.js';
import type { HistoryArchive, PhaseRecord, Refusal } from '../../libs/contracts/evidence.js';
import type { Trust } from '../../libs/crypto/trust.js';
import { historyProblems } from '../../libs/evidence/history-problems.js';
import { type ClosedRun, readArchive, readClosedRun } from '../../libs/evidence/read-closed-run.js';
import { refusalEntryName } from '../../libs/evidence/seal-entry.js';
import { readRecords, sealingProblems } from '../../libs/evidence/sealing-problems.js';
import { type ErrorCode, HeptadError } from '../../libs/protocol/errors.js';

/** The evidence of a run that holds. */
export interface Held {
  readonly closed: ClosedRun;
  readonly records: readonly PhaseRecord[];
}

/**
 * The evidence of a run that has ended, checked. What does not hold is written down, so that nobody tries for ever.
 *
 * @throws HeptadError `SealRefused` it does not hold, with every reason
 */
export async function heldEvidence(
  store: ArtifactStore,
  archive: HistoryArchive,
  trust: Trust,
): Promise<Held> {
  let records: readonly PhaseRecord[] = [];
  const refused = async (problems: readonly string[]): Promise<HeptadError> => {
    const refusal: Refusal = {
      version: 1,
      run: archive.run,
      at: new Date().toISOString(),
      problems: [...problems],
      archive: digestOfJson(archive),
      records: records.map(digestOfJson),
    };
    await store.entries.put(refusalEntryName(archive.run), canonicalJson(refusal));
    const message = `The run ${archive.run} is not sealed. ${problems.join(' ')}`;
    return new HeptadError('SealRefused', message.slice(0, 2000), {
      problems: problems.slice(0, 50).map((reason) => ({ path: '', reason })),
    });
  };
  try {
    const chains = await readArchive(store, archive);
    const cut = historyProblems(archive, chains);
    if (cut.length > 0) throw await refused(cut);
    const closed = readClosedRun(archive.run, chains);
    records = await readRecords(store, closed);
    const problems = await sealingProblems(store, closed, records, trust);
    if (problems.length > 0) throw await refused(problems);
    return { closed, records };
  } catch (error) {
    if (error instanceof HeptadError && unusable.has(error.code)) throw await refused([error.message]);
    throw error;
  }
}

const unusable: ReadonlySet<ErrorCode> = new Set(['ArtifactCorrupt', 'ArtifactUnknown', 'InputInvalid']);
