import type { ArtifactRef } from '../../libs/contracts/artifact.js';
import {
  type FaultTally,
  type Pass,
  type PhaseRecord,
  passes,
  type Verdict,
} from '../../libs/contracts/evidence.js';
import type { NamedRefs } from '../../libs/contracts/phase.js';
import { workingAgents } from '../../libs/evidence/working-agents.js';
import type { Digest } from '../../libs/protocol/digest.js';
import { payloadType } from '../../libs/protocol/payload-types.js';
import { type PhaseName, phaseNames } from '../../libs/protocol/phases.js';
import { verifierOf } from '../../libs/verification/verdict-problems.js';
import { inputsOf } from './judged-phase.js';
import type { SmallRun } from './small-run.js';

const outputOf = ({ refs }: SmallRun, phase: PhaseName) =>
  ({
    ingest: refs.accepted,
    assign: refs.assignment,
    execute: refs.executed,
    coordinate: refs.synthesis,
    verify: refs.judged,
    deliver: refs.request,
    conclude: refs.request,
  })[phase].digest;

/** @param records those of the phases before, by phase */
const inputOf = (small: SmallRun, phase: PhaseName, records?: NamedRefs): Record<string, Digest> =>
  Object.fromEntries(
    Object.entries(inputsOf(small, records)[phase]).map(([name, { digest }]) => [name, digest]),
  );

const faults: FaultTally[] = [{ kind: 'byte-flipped', pass: 'A', seeded: 3, caught: 3 }];

/** A verdict that accepts a phase of the small run, signed by the verifier of its pass. */
export function verdictOf(
  small: SmallRun,
  phase: PhaseName,
  change: Partial<Omit<Verdict, 'signature'>> = {},
): Verdict {
  const { pass = 'A' } = change;
  const verdict: Omit<Verdict, 'signature'> = {
    version: 1,
    run: small.run,
    phase,
    round: 1,
    pass,
    verifier: { id: verifierOf(pass), version: '1', program: small.refs.request.digest },
    input: inputOf(small, phase),
    output: outputOf(small, phase),
    passed: true,
    checks: [{ check: 'schema', ok: true, says: 'It keeps to its <i>contract</i>.' }],
    faults: pass === 'C' ? faults : [],
    disagrees: false,
    ...change,
  };
  return small.signers[verifierOf(pass)].signed(payloadType.verdict, verdict);
}

/** The record of a phase of the small run, signed by its producer, with three stored verdicts that accept it. */
export async function recordOf(
  small: SmallRun,
  phase: PhaseName,
  change: Partial<Omit<PhaseRecord, 'signature'>> = {},
): Promise<PhaseRecord> {
  const { store, run } = small;
  const at = phaseNames.indexOf(phase);
  const { input = inputOf(small, phase) } = change;
  const verdict = async (pass: Pass) =>
    (await store.putJson(verdictOf(small, phase, { pass, input }))).digest;
  const record: Omit<PhaseRecord, 'signature'> = {
    version: 1,
    run,
    tenant: 'local',
    phase,
    round: 1,
    input,
    output: outputOf(small, phase),
    failure: null,
    agents: await workingAgents(store, phase, outputOf(small, phase)),
    attempts: { log: await store.putJson({ version: 1, attempts: [], steps: [] }), count: 3, unknown: 1 },
    timings: { startedAt: `2026-01-01T00:0${at}:00.000Z`, endedAt: `2026-01-01T00:0${at}:01.500Z` },
    verdicts: await Promise.all(
      passes.map(async (pass) => ({ pass, passed: true, verdict: await verdict(pass) })),
    ),
    faults,
    waiver: null,
    notRun: [],
    previous: null,
    ...change,
  };
  return small.signers.producer.signed(payloadType.record, record);
}

/** Stored records of phases of the small run, by phase, each naming the one before, and made of those before. */
export async function recordsOf(
  small: SmallRun,
  phases: readonly PhaseName[],
  changes: Partial<Record<PhaseName, Partial<Omit<PhaseRecord, 'signature'>>>> = {},
): Promise<Record<string, ArtifactRef>> {
  const records: Record<string, ArtifactRef> = {};
  let previous: Digest | null = null;
  for (const phase of phases) {
    const ref: ArtifactRef = await small.store.putJson(
      await recordOf(small, phase, { input: inputOf(small, phase, records), previous, ...changes[phase] }),
    );
    records[phase] = ref;
    previous = ref.digest;
  }
  return records;
}
