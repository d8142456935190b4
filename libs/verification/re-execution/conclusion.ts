import { type PhaseRecord, phaseRecordSchema } from '../../contracts/evidence.js';
import { type Conclusion, conclusionSchema } from '../../contracts/phase.js';
import { judgementSchema } from '../../contracts/reports/synthesis.js';
import { healthOf } from '../../evidence/agent-health.js';
import { tallyRun } from '../../evidence/tally-run.js';
import { type PhaseName, phaseNames } from '../../protocol/phases.js';
import type { Judged } from '../judged.js';
import { readInput } from '../read-input.js';
import { type Repetition, settled } from './clean-room.js';
import { sameOutcome } from './same-outcome.js';

type Account = Conclusion['phases'][number];
type Failure = Conclusion['failure'];
type Records = ReadonlyMap<PhaseName, PhaseRecord>;

/**
 * Pass B of conclude: states, failure and tallies are made again from the records and the attempt log of execute. What
 * no record tells is taken as stated where it can be true: how a phase ended that wrote none, how the delivery behind
 * its record ended, what other runs added to an agent's recent tally, and what was cleaned up.
 */
export const accountAgain: Repetition = async (judged, checks) => {
  const { store, input } = judged;
  const staged = await checks.attempt('output-read', 'The output could be read.', () =>
    store.getJson(judged.output.digest, conclusionSchema),
  );
  const records = await checks.attempt('records-read', 'The records could be read.', async () => {
    const read: [PhaseName, PhaseRecord][] = [];
    for (const phase of phaseNames)
      if (input[phase]) read.push([phase, await readInput(judged, phase, phaseRecordSchema)]);
    return new Map(read);
  });
  if (!staged || !records) return settled;
  const made = await checks.attempt(
    'accounted-again',
    'States, failure and tallies were made again from records and attempts.',
    async (problems): Promise<Conclusion> => {
      const phases = statesAgain(judged, staged, records, problems);
      return {
        kind: 'conclusion',
        phases,
        failure: await failureAgain(judged, staged, phases, records, problems),
        agents: await agentsAgain(judged, staged, problems),
        cleaned: staged.cleaned,
      };
    },
  );
  if (made) await sameOutcome(judged, checks, made);
  return settled;
};

function statesAgain({ input }: Judged, staged: Conclusion, records: Records, problems: string[]): Account[] {
  let ended = false;
  return phaseNames.map((phase) => {
    const record = records.get(phase);
    const stated = staged.phases.find((one) => one.phase === phase)?.state ?? 'not-started';
    const state = record ? stateOf(record, stated) : stated;
    if (!record && stated === 'completed')
      problems.push(`${phase} is stated as completed, without a record.`);
    if (ended && state !== 'not-started')
      problems.push(`${phase} is ${state}, behind a phase that did not complete.`);
    ended ||= state !== 'completed';
    return { phase, state, record: input[phase]?.digest ?? null };
  });
}

function stateOf({ phase, failure }: PhaseRecord, stated: Account['state']): Account['state'] {
  if (failure) return failure.code === 'Cancelled' ? 'cancelled' : 'failed';
  // Delivering itself comes after the record.
  return phase === 'deliver' && stated !== 'not-started' ? stated : 'completed';
}

async function failureAgain(
  { store }: Judged,
  { failure }: Conclusion,
  phases: readonly Account[],
  records: Records,
  problems: string[],
): Promise<Failure> {
  const first = phases.find(({ state }) => state !== 'completed');
  const recorded = first && records.get(first.phase)?.failure;
  if (recorded) return recorded;
  if (first?.phase === 'conclude') return null;
  if (!failure) problems.push(`The run ended before ${first?.phase} completed, but no failure is told.`);
  const begun = first !== undefined && first.state !== 'not-started';
  if (begun && failure && (first.state === 'cancelled') !== (failure.code === 'Cancelled'))
    problems.push(
      `${first.phase} is ${first.state}, but the run is said to have ended with ${failure.code}.`,
    );
  const decided =
    first?.phase === 'deliver' && first.state === 'not-started' && records.get('verify')?.output;
  if (decided && failure && failure.code !== 'Cancelled') {
    const { decision } = await store.getJson(decided, judgementSchema);
    if ((decision === 'BLOCK') !== (failure.code === 'Blocked'))
      problems.push(`The decision is ${decision}, but the run is said to have ended with ${failure.code}.`);
  }
  return failure;
}

async function agentsAgain(
  { store, input }: Judged,
  { agents }: Conclusion,
  problems: string[],
): Promise<Conclusion['agents']> {
  const tallies = await tallyRun(store, input.execute?.digest ?? null);
  return [...tallies].map(([agent, tally]) => {
    const recent = agents.find((one) => one.agent === agent)?.recent ?? tally;
    if (recent.executions < tally.executions || recent.failures < tally.failures)
      problems.push(`${agent} has fewer executions or failures in the last hour than in this run.`);
    return { agent, ...tally, recent, health: healthOf(recent) };
  });
}
