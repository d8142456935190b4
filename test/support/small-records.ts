import type { PhaseRecord, Verdict } from '../../libs/contracts/evidence.js';
import type { PhaseName } from '../../libs/protocol/phases.js';
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

/** A verdict of pass A that accepts a phase of the small run. */
export const verdictOf = (small: SmallRun, phase: PhaseName, change: Partial<Verdict> = {}): Verdict => ({
  version: 1,
  run: small.run,
  phase,
  round: 1,
  pass: 'A',
  verifier: { id: 'verifier.a', version: '1' },
  input: {},
  output: outputOf(small, phase),
  passed: true,
  checks: [{ check: 'schema', ok: true, says: 'It keeps to its <i>contract</i>.' }],
  ...change,
});

/** The record of a phase of the small run. */
export async function recordOf(small: SmallRun, phase: PhaseName): Promise<PhaseRecord> {
  const { store, run } = small;
  const verdict = await store.putJson(verdictOf(small, phase));
  return {
    version: 1,
    run,
    tenant: 'local',
    phase,
    round: 1,
    input:
      phase === 'execute'
        ? { accepted: small.refs.accepted.digest, assignment: small.refs.assignment.digest }
        : {},
    output: outputOf(small, phase),
    failure: null,
    agents: [],
    attempts: { log: await store.putJson({ version: 1, attempts: [] }), count: 3, unknown: 1 },
    timings: { startedAt: '2026-01-01T00:00:00.000Z', endedAt: '2026-01-01T00:00:01.500Z' },
    verdicts: [{ pass: 'A', passed: true, verdict: verdict.digest }],
    notRun: [{ pass: 'B', reason: 'This version has no such pass for this phase.' }],
    previous: null,
  };
}
