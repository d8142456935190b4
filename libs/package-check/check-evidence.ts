import type { PhaseRecord } from '../contracts/evidence.js';
import type { CheckPart } from '../contracts/package-check.js';
import type { Trust } from '../crypto/trust.js';
import { handoverProblems } from '../evidence/handover-problems.js';
import { phaseProblems } from '../evidence/phase-problems.js';
import { chainProblems } from '../evidence/record-problems.js';
import type { Findings } from './findings.js';
import type { PackageStore } from './package-store.js';

/** The records of a run, and how they are known. */
export interface Recorded {
  readonly records: readonly PhaseRecord[];
  /** Phases that ended otherwise than by completing, as their histories say. */
  readonly cutOff: ReadonlySet<PhaseRecord['phase']>;
}

/**
 * Records are one chain of the producer's, each phase that went well was passed by three verifiers or waived, nobody
 * signed for another, and the attempt logs and their steps are whole.
 */
export async function checkEvidenceOf(
  store: PackageStore,
  trust: Trust,
  { records, cutOff }: Recorded,
  part: CheckPart,
  findings: Findings,
): Promise<void> {
  findings.add(
    part,
    'records',
    `${records.length} records, each signed by the producer, each naming the one before; times in order.`,
    records.length === 0 ? ['There is no record.'] : chainProblems(records, { trust, cutOff }),
  );
  findings.add(
    part,
    'handover',
    'Each phase worked on what the phases before it handed on.',
    handoverProblems(records, { cutOff }),
  );
  const found = await Promise.all(records.map((record) => phaseProblems(store, record, trust)));
  const steps = found.reduce((sum, one) => sum + one.steps, 0);
  const passed = records.filter(({ failure }) => !failure);
  findings.add(
    part,
    'verdicts',
    `${passed.length} phases have three verdicts, each signed by its own verifier, or a person's waiver.`,
    found.flatMap(({ verdicts }) => verdicts),
  );
  findings.add(
    part,
    'attempts',
    `The attempt logs are whole, and ${steps} steps of long activities are chains of who made them.`,
    found.flatMap(({ attempts }) => attempts),
  );
  findings.add(
    part,
    'records-say',
    'They name the agents that worked, and what pass C measured.',
    found.flatMap(({ says }) => says),
  );
}
