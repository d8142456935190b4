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

test('lists what waits for a person before what failed', () => {
  const failed = shown('early', { status: 'failed', code: 'NotDone' });
  const blocked = shown('mend', { status: 'blocked', code: 'AgentFailed' });
  expect(of([failed, blocked]).blockers).toEqual([
    'mend waits for a person after AgentFailed.',
    'early failed with NotDone.',
  ]);
});

const waits = { category: 'implementation', startedAt: time(10) };

test.each<[string, Partial<ItemView>, string]>([
  [
    'after a failure',
    { ...waits, status: 'blocked', code: 'AgentFailed' },
    'mend waits for a person after AgentFailed.',
  ],
  ['to review it', { ...waits, status: 'awaiting_review' }, "mend waits for a person's review."],
])(
  'where nothing runs, the step that waits for a person %s is the current one, and blocked by that',
  (_, change, blocker) => {
    const failed = shown('late', { status: 'failed', code: 'NotDone', startedAt: time(0), endedAt: time(5) });
    const { tracker, currentCategory, activeAgents, blockers } = of([looked, failed, shown('mend', change)]);
    expect(tracker.current_step).toEqual({
      name: 'Item mend',
      started: time(10),
      estimated_completion: null,
      blockers: [blocker],
    });
    expect({ currentCategory, activeAgents }).toEqual({
      currentCategory: 'implementation',
      activeAgents: [],
    });
    expect(blockers).toEqual([blocker, 'late failed with NotDone.']);
  },
);

test('a step that runs is blocked by a pause of the run, and by nothing that other steps wait for', () => {
  const other = shown('other', { status: 'awaiting_review', startedAt: time(0) });
  const failed = shown('late', { status: 'failed', code: 'NotDone' });
  const blockersIn = (state: 'running' | 'pausing') =>
    of([other, failed, mends], { view: acceptedView('r1', { state, phase: 'execute' }) }).tracker
      .current_step;
  expect(blockersIn('running')).toMatchObject({ name: 'Item mend', blockers: [] });
  expect(blockersIn('pausing')).toMatchObject({ name: 'Item mend', blockers: ['The run is pausing.'] });
});

test('a run that has closed has no current step, whatever waited', () => {
  const blocked = shown('mend', { ...waits, status: 'blocked', code: 'AgentFailed' });
  expect(of([looked, blocked], { view: completedView('r1') })).toMatchObject({
    blockers: [],
    tracker: { current_step: null },
  });
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
