import type { DeliveryInput } from '../../libs/contracts/activities.js';
import type { Execution, NamedRefs } from '../../libs/contracts/phase.js';
import type { PhaseName } from '../../libs/protocol/phases.js';
import { CheckList } from '../../libs/verification/check-list.js';
import type { Judged } from '../../libs/verification/judged.js';
import { selfCheck } from '../../libs/verification/self-check/self-check.js';
import type { SmallRun } from './small-run.js';

/**
 * What each phase of a small run was given.
 *
 * @param records those of the phases before, by phase. Default: that of execute alone
 */
export const inputsOf = (
  { refs }: SmallRun,
  records: NamedRefs = { execute: refs.executeRecord },
): Record<Exclude<PhaseName, 'deliver'>, NamedRefs> & { readonly deliver: DeliveryInput } => {
  const { request, accepted, assignment, executed, synthesis, judged } = refs;
  return {
    ingest: { request },
    assign: { accepted },
    execute: { accepted, assignment },
    coordinate: { accepted, executed },
    verify: {
      accepted,
      executed,
      synthesis,
      ...(records.execute && { executeRecord: records.execute }),
    },
    deliver: {
      accepted,
      assignment,
      executed,
      synthesis,
      judged,
      ...Object.fromEntries(Object.entries(records).map(([phase, record]) => [`record-${phase}`, record])),
    },
    conclude: records,
  };
};

/** A phase of a small run with some output, as a pass gets it. */
export async function judgedPhase(
  small: SmallRun,
  phase: PhaseName,
  output: unknown,
  input: NamedRefs = phase === 'conclude' ? {} : inputsOf(small)[phase],
): Promise<Judged> {
  const { run, store, trust } = small;
  return {
    run,
    phase,
    round: 1,
    pass: 'A',
    input,
    output: await store.putJson(output),
    store,
    trust: async () => trust,
    verified: new Set(),
  };
}

/** The failed checks of pass A, by their names. */
export async function failuresOf(judged: Judged): Promise<Record<string, string>> {
  const checks = new CheckList();
  await selfCheck(judged, checks);
  return Object.fromEntries(checks.checks.filter(({ ok }) => !ok).map(({ check, says }) => [check, says]));
}

/** The failed checks of pass A on a changed execution. */
export const executionFailures = async (
  small: SmallRun,
  change: (execution: Execution) => unknown,
): Promise<Record<string, string>> =>
  await failuresOf(
    await judgedPhase(small, 'execute', change(structuredClone(small.execution) as Execution)),
  );
