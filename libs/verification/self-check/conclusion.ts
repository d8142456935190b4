import { type PhaseRecord, phaseRecordSchema, verdictSchema } from '../../contracts/evidence.js';
import type { Conclusion } from '../../contracts/phase.js';
import { phaseNames } from '../../protocol/phases.js';
import { type CheckList, faultOf } from '../check-list.js';
import type { Judged } from '../judged.js';
import { verdictProblems } from '../verdict-problems.js';

/** Pass A of conclude: every phase is accounted for, by its own record. */
export async function checkConclusion(
  { store, run, input }: Judged,
  checks: CheckList,
  conclusion: Conclusion,
): Promise<void> {
  const { phases, agents, failure } = conclusion;
  checks.problems(
    'phases-accounted',
    'All seven phases are accounted for, in their order.',
    phases.map(({ phase }) => phase).join() === phaseNames.join()
      ? []
      : [`The account names ${phases.map(({ phase }) => phase).join(', ') || 'no phase'}.`],
  );
  const problems: string[] = [];
  for (const { phase, state, record } of phases) {
    if (state === 'completed' && !record) problems.push(`${phase} completed without a record.`);
    if (record && input[phase]?.digest !== record)
      problems.push(`The record of ${phase} is not the one that was handed on.`);
    if (!record) continue;
    try {
      const found = await store.getJson(record, phaseRecordSchema);
      if (found.run !== run || found.phase !== phase)
        problems.push(`The record of ${phase} is that of ${found.phase} of the run ${found.run}.`);
      if (state === 'completed' && found.failure)
        problems.push(`${phase} is ${state}, but its record says that it failed with ${found.failure.code}.`);
      // Delivering itself comes after the record, so it may have failed without the record saying so.
      if (state !== 'completed' && !found.failure && phase !== 'deliver')
        problems.push(`${phase} is ${state}, but its record says that nothing failed.`);
      problems.push(...(await verdictsOf(store, found)));
    } catch (error) {
      problems.push(`The record of ${phase}: ${faultOf(error)}`);
    }
  }
  for (const phase of Object.keys(input))
    if (!phases.some((one) => one.phase === phase && one.record))
      problems.push(`The record of ${phase} is left out.`);
  checks.problems(
    'records-match',
    'Each record is of its phase and run, and ended as the account says.',
    problems,
  );
  checks.problems(
    'failure-told',
    failure ? `It ended with ${failure.code}.` : 'Nothing failed.',
    failure === null && phases.some(({ state }) => state === 'failed' || state === 'cancelled')
      ? ['A phase failed or was cancelled, but the account says that nothing failed.']
      : [],
  );
  checks.problems(
    'agents-counted',
    `${agents.length} agents were executed.`,
    agents
      .filter(({ executions, failures }) => failures < 0 || failures > executions)
      .map(({ agent }) => `${agent} failed more often than it was executed.`),
  );
}

/** What is wrong with the verdicts that a record names. */
async function verdictsOf(store: Judged['store'], record: PhaseRecord): Promise<string[]> {
  const problems: string[] = [];
  for (const { pass, passed, verdict } of record.verdicts) {
    const found = await store.getJson(verdict, verdictSchema);
    problems.push(...verdictProblems(found, { ...record, pass, passed }));
  }
  return problems;
}
