import type { ItemProgressed, RunEvent, RunView } from '../../libs/contracts/run.js';
import { phaseNames } from '../../libs/protocol/phases.js';
import type { RunScript } from './api-double.js';

const second = (number: number): string => new Date(Date.UTC(2026, 0, 1, 12, 0, number)).toISOString();

/** The view of a run that has just been accepted. */
export const acceptedView = (id: string, changes: Partial<RunView> = {}): RunView => ({
  id,
  state: 'running',
  tenant: 'local',
  template: 'repository-review',
  subject: 'npm:ejs@1.0.0',
  phase: null,
  decision: null,
  startedAt: second(0),
  closedAt: null,
  failure: null,
  from: null,
  phases: phaseNames.map((phase) => ({
    phase,
    state: 'pending',
    startedAt: null,
    endedAt: null,
    summary: null,
    failure: null,
  })),
  items: [],
  itemsUnavailable: null,
  work: null,
  awaits: null,
  sealed: false,
  sealRefused: null,
  package: null,
  links: {
    self: `/v1/runs/${id}`,
    events: `/v1/runs/${id}/events`,
    artifacts: `/v1/runs/${id}/artifacts`,
    temporal: `http://127.0.0.1:8233/namespaces/default/workflows/run-${id}`,
  },
  ...changes,
});

/** The view of a run that has delivered its package. */
export const completedView = (id: string, changes: Partial<RunView> = {}): RunView =>
  acceptedView(id, {
    state: 'completed',
    phase: 'conclude',
    decision: 'PROCEED',
    closedAt: second(42),
    sealed: true,
    package: `/data/packages/${id}`,
    phases: phaseNames.map((phase, index) => ({
      phase,
      state: 'completed',
      startedAt: second(index * 6),
      endedAt: second(index * 6 + 6),
      summary: `${phase} is done`,
      failure: null,
    })),
    ...changes,
  });

/** The view of a run that a phase failed. */
export const failedView = (id: string, changes: Partial<RunView> = {}): RunView =>
  completedView(id, {
    state: 'failed',
    decision: null,
    package: null,
    failure: { code: 'NoTests', message: 'The subject has no tests that can be run.' },
    ...changes,
  });

/** An event of a run; the number is its place and its second. */
export const runEvent = (number: number, changes: Partial<RunEvent> = {}): RunEvent => ({
  id: `e${number}`,
  at: second(number),
  kind: 'activity-completed',
  phase: 'execute',
  item: 'code',
  says: `event ${number} happened`,
  failure: null,
  ...changes,
});

/** How far an item is, told at a moment and kept by nothing. */
export const itemProgressed = (number: number, partial: unknown = null): ItemProgressed => ({
  at: second(number),
  kind: 'item-progressed',
  phase: 'execute',
  item: 'code',
  says: 'code is at 20 %: folders prepared.',
  failure: null,
  progress: { milestone: 'folders prepared', percent: 20, partial },
});

/** A run with all its events, from its start to its seal. */
export const wholeScript = (view: RunView): RunScript => ({
  view,
  artifacts: [],
  events: [
    runEvent(1, { kind: 'run-started', phase: null, item: null, says: 'The run started.' }),
    runEvent(2, { kind: 'phase-started', phase: 'ingest', item: null, says: 'ingest started.' }),
    runEvent(3, { phase: 'ingest', item: 'captureSubject', says: 'captureSubject completed.' }),
    runEvent(4, { kind: 'phase-closed', phase: 'ingest', item: null, says: 'ingest completed.' }),
    runEvent(5, {
      kind: 'run-closed',
      phase: null,
      item: null,
      says: 'The run ended.',
      failure: view.failure,
    }),
    ...(view.sealed
      ? [runEvent(6, { kind: 'sealed', phase: null, item: null, says: 'The run is sealed.' })]
      : []),
  ],
});
