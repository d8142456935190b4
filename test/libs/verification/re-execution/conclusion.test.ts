import { expect, test } from 'vitest';
import { accountForRun } from '../../../../activities/conclusion/account-for-run.js';
import type { PhaseAccount } from '../../../../libs/contracts/activities.js';
import type { Attempt } from '../../../../libs/contracts/evidence.js';
import { type Conclusion, conclusionSchema, type NamedRefs } from '../../../../libs/contracts/phase.js';
import { workflowId } from '../../../../libs/protocol/names.js';
import { type PhaseName, phaseNames } from '../../../../libs/protocol/phases.js';
import { accountAgain } from '../../../../libs/verification/re-execution/conclusion.js';
import { acceptedByA, cleanRoom, failuresAgain } from '../../../support/clean-room.js';
import { inActivity } from '../../../support/in-activity.js';
import { failuresOf, judgedPhase } from '../../../support/judged-phase.js';
import { recordsOf } from '../../../support/small-records.js';
import { type SmallRun, smallRun } from '../../../support/small-run.js';

const failed = { code: 'VerificationFailed', message: 'Rejected by pass A: schema' };

interface Ending {
  /** How far it came. Default: all phases completed. */
  readonly last?: PhaseName;
  readonly state?: PhaseAccount['state'];
  readonly failure?: { code: string; message: string } | null;
  /** Whether the record of the last phase tells of the failure. Default: where there is one. */
  readonly recorded?: boolean;
  /** Whether the last phase wrote a record. */
  readonly written?: boolean;
}

/** What the activity of conclude stages for a run that ended so. */
async function concluded({
  last = 'deliver',
  failure = null,
  state = failure ? 'failed' : 'completed',
  recorded = failure !== null,
  written = true,
}: Ending = {}) {
  const small = await smallRun();
  const began = phaseNames.slice(0, phaseNames.indexOf(last) + 1);
  const log = await small.store.putJson({
    version: 1,
    attempts: [attempt(small, 'code.1', 'completed'), attempt(small, 'architecture.1', 'failed')],
    steps: [],
  });
  const records: NamedRefs = await recordsOf(small, written ? began : began.slice(0, -1), {
    execute: { attempts: { log, count: 2, unknown: 0 } },
    ...(recorded ? { [last]: { failure } } : {}),
  });
  const phases = phaseNames.map((phase): PhaseAccount => {
    const stands = !began.includes(phase) ? 'not-started' : phase === last ? state : 'completed';
    return { phase, state: stands, record: records[phase] ?? null };
  });
  const { outcome } = await inActivity(() =>
    accountForRun(small)({ run: small.run, phases, failure, scratchFolders: 2 }),
  );
  const conclusion = await small.store.getJson(outcome.digest, conclusionSchema);
  const judged = await judgedPhase(small, 'conclude', conclusion, records);
  return { small, conclusion, records, judged, room: await cleanRoom(small.folder) };
}

const attempt = (small: SmallRun, id: string, outcome: Attempt['outcome']): Attempt => ({
  key: `${workflowId.phase(small.run, 'execute')}:${id}`,
  activity: 'runAgent',
  attempt: 1,
  startedAt: '2026-01-01T00:02:00.000Z',
  endedAt: '2026-01-01T00:02:01.000Z',
  outcome,
  code: outcome === 'failed' ? 'AgentFailed' : null,
  worker: 'agents@here',
  sandbox: null,
  lastStep: null,
});

const endings: Readonly<Record<string, Ending>> = {
  'with everything done': {},
  'with a rejected phase': { last: 'coordinate', failure: failed },
  'with a phase that was cancelled and handed no record on': {
    last: 'coordinate',
    state: 'cancelled',
    failure: { code: 'Cancelled', message: 'The run was cancelled.' },
    recorded: false,
    written: false,
  },
  'with a delivery that failed behind its record': {
    failure: { code: 'DeliveryConflict', message: 'Something is there.' },
    recorded: false,
  },
};

test.each(Object.entries(endings))('a sound account of a run %s is accepted', async (_, ending) => {
  const { judged, room } = await concluded(ending);
  expect(await failuresOf(judged)).toEqual({});
  expect(await failuresAgain(accountAgain, judged, room)).toEqual({});
});

/** What passes A and B find of a changed account. */
async function found(change: (conclusion: Conclusion) => unknown, ending: Ending = {}) {
  const { small, conclusion, records, room } = await concluded(ending);
  const judged = await judgedPhase(small, 'conclude', change(conclusion), records);
  return { byA: await acceptedByA(judged), byB: await failuresAgain(accountAgain, judged, room) };
}

test('an agent that was executed more often than its attempts say is found, which pass A accepts', async () => {
  const { byA, byB } = await found((conclusion) => ({
    ...conclusion,
    agents: conclusion.agents.map((agent) => ({
      ...agent,
      executions: agent.executions + 4,
      recent: { ...agent.recent, executions: agent.recent.executions + 4 },
      health: 'healthy',
    })),
  }));
  expect(byA).toBe(true);
  expect(byB['same-outcome']).toContain('/agents/0/executions: 5, then 1');
});

test('an agent that is left out is found, which pass A accepts', async () => {
  const { byA, byB } = await found((conclusion) => ({ ...conclusion, agents: conclusion.agents.slice(1) }));
  expect(byA).toBe(true);
  expect(byB).toHaveProperty('same-outcome');
});

test('a failure told otherwise than in its record is found, which pass A accepts', async () => {
  const { byA, byB } = await found(
    (conclusion) => ({ ...conclusion, failure: { ...failed, code: 'SubjectInvalid' } }),
    { last: 'coordinate', failure: failed },
  );
  expect(byA).toBe(true);
  expect(byB['same-outcome']).toContain('/failure/code: "SubjectInvalid", then "VerificationFailed"');
});

test('a failure that was invented is found, which pass A accepts', async () => {
  const { byA, byB } = await found((conclusion) => ({ ...conclusion, failure: failed }));
  expect(byA).toBe(true);
  expect(byB).toHaveProperty('same-outcome');
});

test('a phase behind one that did not complete is found', async () => {
  const { byB } = await found(
    (conclusion) => ({
      ...conclusion,
      phases: conclusion.phases.map((one) => (one.phase === 'deliver' ? { ...one, state: 'failed' } : one)),
    }),
    { last: 'coordinate', failure: failed },
  );
  expect(byB['accounted-again']).toContain('deliver is failed, behind a phase that did not complete');
});

test('what was cleaned up is not looked at again', async () => {
  const { byB } = await found((conclusion) => ({ ...conclusion, cleaned: { scratchFolders: 9 } }));
  expect(byB).toEqual({});
});
