import { expect, test } from 'vitest';
import { runProgressSchema } from '../../../libs/contracts/progress.js';
import { progressOf, type Watched } from '../../../libs/progress/progress-of.js';
import { agentItem, refTo } from '../../support/activity-doubles.js';
import { acceptedView, completedView } from '../../support/run-script.js';

const start = Date.UTC(2026, 0, 1, 12, 0, 0);
const time = (seconds: number): string => new Date(start + 1000 * seconds).toISOString();

type ItemView = Watched['items'][number];

const shown = (id: string, change: Partial<ItemView> = {}): ItemView => ({
  id,
  title: `Item ${id}`,
  category: 'analysis',
  status: 'pending',
  agent: `agent.${id}`,
  candidate: null,
  summary: null,
  code: null,
  startedAt: null,
  endedAt: null,
  progress: null,
  ...change,
});

const planned = [
  agentItem('look', { rules: { expectedMs: 20_000 } }),
  agentItem('mend', { after: ['look'], category: 'implementation', rules: { expectedMs: 40_000 } }),
];

const watched = (items: readonly ItemView[], change: Partial<Watched> = {}): Watched => ({
  view: acceptedView('r1', { phase: 'execute' }),
  items,
  planned,
  parallel: 1,
  points: [],
  now: start + 20_000,
  ...change,
});

const point = {
  id: 'subject',
  at: time(0),
  after: null,
  workspace: refTo('captured').digest,
  items: [],
  state: refTo('state').digest,
};
const looked = shown('look', { status: 'completed', startedAt: time(0), endedAt: time(10) });
const mends = shown('mend', { status: 'running', category: 'implementation', startedAt: time(10) });
const of = (...given: Parameters<typeof watched>) => runProgressSchema.parse(progressOf(watched(...given)));

test('says the phase, the step, who works and when it is expected to end', () => {
  expect(of([looked, mends], { points: [point] })).toEqual({
    run: 'r1',
    state: 'running',
    currentPhase: 'execute',
    currentCategory: 'implementation',
    progress: 66.7,
    estimatedCompletion: time(30),
    activeAgents: ['agent.mend'],
    blockers: [],
    tracker: {
      total_steps: 2,
      completed: 1,
      current_step: { name: 'Item mend', started: time(10), estimated_completion: time(30), blockers: [] },
      rollback_points: [point],
    },
  });
});

test('says what keeps the run from going on', () => {
  const view = acceptedView('r1', { state: 'paused', phase: 'execute' });
  const blocked = shown('mend', { status: 'blocked', code: 'AgentFailed' });
  const review = shown('look', { status: 'awaiting_review' });
  expect(
    of([review, blocked, shown('late', { status: 'failed', code: 'NotDone' })], { view }).blockers,
  ).toEqual([
    'The run is paused.',
    "look waits for a person's review.",
    'mend waits for a person after AgentFailed.',
    'late failed with NotDone.',
  ]);
});

test('is whole only when the run has closed', () => {
  const done = { ...mends, status: 'completed' as const, endedAt: time(15) };
  expect(of([looked, done]).progress).toBe(99);
  expect(of([looked, done], { view: completedView('r1') })).toMatchObject({
    progress: 100,
    estimatedCompletion: null,
    activeAgents: [],
  });
});

test('says nothing of an end before there is a plan', () => {
  expect(of([], { planned: [] })).toMatchObject({
    progress: 0,
    estimatedCompletion: null,
    tracker: { total_steps: 0, current_step: null, rollback_points: [] },
  });
});
