import { type PhaseRecord, phaseRecordSchema } from '../../contracts/evidence.js';
import type { Conclusion } from '../../contracts/phase.js';
import { healthOf } from '../../evidence/agent-health.js';
import { handoverProblems } from '../../evidence/handover-problems.js';
import { chainProblems } from '../../evidence/record-problems.js';
import { phaseNames } from '../../protocol/phases.js';
import { type CheckList, faultOf } from '../check-list.js';
import type { Judged } from '../judged.js';
import { recordEvidence } from './record-evidence.js';

/** Pass A of conclude: every phase is accounted for, by its own record. */
export async function checkConclusion(
  judged: Judged,
  checks: CheckList,
  conclusion: Conclusion,
): Promise<void> {
  const { store, run, input } = judged;
  const { phases, agents, failure } = conclusion;
  checks.problems(
    'phases-accounted',
    'All seven phases are accounted for, in their order.',
    phases.map(({ phase }) => phase).join() === phaseNames.join()
      ? []
      : [`The account names ${phases.map(({ phase }) => phase).join(', ') || 'no phase'}.`],
  );
  const problems: string[] = [];
  const records: PhaseRecord[] = [];
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
      problems.push(...(await recordEvidence(judged, found)));
      records.push(found);
    } catch (error) {
      problems.push(`The record of ${phase}: ${faultOf(error)}`);
    }
  }
  for (const phase of Object.keys(input))
    if (!phases.some((one) => one.phase === phase && one.record))
      problems.push(`The record of ${phase} is left out.`);
  checks.problems(
    'records-match',
    'Each record is of its phase and run, signed, with its verdicts, and ended as the account says.',
    problems,
  );
  const cutOff = new Set(phases.filter(({ state }) => state !== 'completed').map(({ phase }) => phase));
  checks.problems(
    'records-chained',
    `${records.length} records follow one another, in the order of phases and of time.`,
    chainProblems(records, { trust: await judged.trust(), cutOff }),
  );
  checks.problems(
    'records-handed-over',
    'Each phase worked on what the phases before it handed on.',
    handoverProblems(records, { cutOff }),
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
    agents.flatMap(({ agent, executions, failures, recent, health }) => [
      ...(failures < 0 || failures > executions || recent.failures > recent.executions
        ? [`${agent} failed more often than it was executed.`]
        : []),
      ...(recent.executions < executions || recent.failures < failures
        ? [`${agent} has fewer executions or failures in the last hour than in this run.`]
        : []),
      ...(healthOf(recent) === health
        ? []
        : [`${agent} is ${healthOf(recent)} by its tally, but ${health} is stated.`]),
    ]),
  );
}
