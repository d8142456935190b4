import { describe, expect, test } from 'vitest';
import type { PhaseRecord, Seal } from '../../../libs/contracts/evidence.js';
import type { ClosedPhase } from '../../../libs/evidence/read-closed-run.js';
import { completionProblems } from '../../../libs/evidence/sealing-problems.js';
import { type PhaseName, phaseNames } from '../../../libs/protocol/phases.js';
import { recordOf } from '../../support/run-evidence.js';

const failure = { code: 'AgentFailed', message: 'An agent failed.' };

const closedAs = (changes: Partial<Record<PhaseName, ClosedPhase['closing']>> = {}): ClosedPhase[] =>
  phaseNames.map((phase) => ({ phase, closing: changes[phase] ?? 'COMPLETED', written: [] }));

const records: readonly PhaseRecord[] = phaseNames.map((phase) => recordOf(phase));

const problemsOf = (
  phases: readonly ClosedPhase[],
  found: readonly PhaseRecord[],
  status: Seal['status'] = 'COMPLETED',
): string[] => completionProblems({ status, phases }, found);

describe('a run completed', () => {
  test('where each of its phases did, with a record that tells of no failure', () => {
    expect(problemsOf(closedAs(), records)).toEqual([]);
  });

  test.each(phaseNames)('not where %s did not', (phase) => {
    const says = [`The run completed, but ${phase} did not.`];
    const others = records.filter((one) => one.phase !== phase);
    expect(problemsOf(closedAs({ [phase]: 'FAILED' }), records)).toEqual(says);
    expect(
      problemsOf(
        closedAs().filter((one) => one.phase !== phase),
        records,
      ),
    ).toEqual(says);
    expect(problemsOf(closedAs(), others)).toEqual(says);
    expect(problemsOf(closedAs(), [...others, recordOf(phase, { failure })])).toEqual(says);
  });

  test('not where nothing was done', () => {
    expect(problemsOf([], [])).toHaveLength(phaseNames.length);
  });
});

test.each(['FAILED', 'CANCELLED', 'TERMINATED', 'TIMED_OUT'] as const)(
  'a run that ended as %s need not have completed its phases',
  (status) => {
    expect(problemsOf(closedAs({ ingest: 'FAILED' }).slice(0, 1), [], status)).toEqual([]);
  },
);
