import type { Discoveries, ItemHistory } from '../../../libs/contracts/item-history.js';
import type { StartRun } from '../../../libs/contracts/request.js';
import type { RunAccepted, RunEvent, RunSummary, RunView } from '../../../libs/contracts/run.js';
import type { DecideItem } from '../../../libs/contracts/steering.js';
import type { Waiver } from '../../../libs/contracts/waiver.js';
import { phaseNames } from '../../../libs/protocol/phases.js';

const id = 'q5k2m7xw3c4tz6n2yjhr7dbvae';
const digest = (digit: string) => `sha256:${digit.repeat(64)}` as const;

export const templateExample = {
  name: 'repository-review',
  version: '1.0.0',
  title: 'Repository review',
  description: 'Analyses a repository, improves it, and verifies what came out.',
  digest: digest('a'),
};

export const byTemplate: StartRun = {
  template: 'repository-review',
  input: { subject: 'npm:ejs@1.0.0', test: { command: 'mocha test/', tools: { mocha: '10.8.2' } } },
};

export const bySentence: StartRun = { request: 'review npm:ejs@1.0.0 and fix what is wrong' };

export const acceptedExample: RunAccepted = { id, state: 'running', self: `/v1/runs/${id}` };

export const summaryExample: RunSummary = {
  id,
  state: 'running',
  tenant: 'local',
  template: 'repository-review',
  subject: 'npm:ejs@1.0.0',
  phase: 'ingest',
  decision: null,
  startedAt: '2026-01-05T09:00:00.000Z',
  closedAt: null,
};

export const viewExample: RunView = {
  ...summaryExample,
  failure: null,
  phases: phaseNames.map((phase, at) => ({
    phase,
    state: at === 0 ? 'running' : 'pending',
    startedAt: at === 0 ? '2026-01-05T09:00:00.100Z' : null,
    endedAt: null,
    summary: null,
    failure: null,
  })),
  items: null,
  itemsUnavailable: 'Execute has not begun.',
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
};

export const waiverExample: Waiver = {
  version: 1,
  run: id,
  phase: 'execute',
  round: 1,
  output: digest('c'),
  verdicts: [digest('d')],
  reason: 'The test that B saw failing depends on the clock; it passes here.',
  by: 'person:ada',
  at: '2026-01-05T09:30:00.000Z',
  signature: { keyid: digest('e'), sig: `${'A'.repeat(86)}==` },
};

export const artifactExample = {
  name: 'ingest/outcome.json',
  digest: digest('b'),
  size: 1234,
  mediaType: 'application/json',
};

export const discoveriesExample: Discoveries = {
  ledger: digest('f'),
  discoveries: [
    {
      number: 1,
      by: 'look',
      depth: 1,
      index: 0,
      discovery: {
        description: 'The parser compiles the same expression in every pass.',
        kind: 'optimisation',
        priority: 'normal',
        done: 'The tests pass, and the expression is compiled once.',
        blockedBy: [],
        tags: [],
        visibility: { kind: 'public' },
        parameters: { file: 'lib/parser.js' },
      },
      category: 'analysis',
      route: 'to-be-analysed',
      fate: 'admitted',
      reason: null,
      duplicateOf: null,
      items: ['analyse-1'],
    },
  ],
  hidden: 0,
  unavailable: null,
};

export const itemHistoryExample: ItemHistory = {
  id: 'analyse-1',
  item: null,
  executions: [
    {
      activity: 'analyse-1.1',
      agent: { id: 'change.analysis', manifest: digest('a') },
      how: null,
      scheduledAt: '2026-01-05T09:00:10.000Z',
      endedAt: null,
      inputs: [{ item: 'look', digest: digest('b'), size: 1234, mediaType: 'application/json' }],
      result: null,
      failure: null,
      attempts: [
        { attempt: 1, startedAt: '2026-01-05T09:00:10.100Z', endedAt: null, outcome: 'unknown', code: null },
      ],
    },
  ],
  madeFor: discoveriesExample.discoveries[0] ?? null,
  found: [],
  consumedBy: [],
  usedBy: [],
};

const eventExample: RunEvent = {
  id: '0.0.1-1.0.1',
  at: '2026-01-05T09:00:00.100Z',
  kind: 'phase-started',
  phase: 'ingest',
  item: null,
  says: 'Phase ingest started.',
  failure: null,
};

export const streamExample = `id: ${eventExample.id}\nevent: ${eventExample.kind}\ndata: ${JSON.stringify(eventExample)}\n\n`;

export const decisionExample = {
  item: 'improve-a',
  decision: 'skip',
  by: 'ada',
  reason: 'The other two candidates are enough.',
} satisfies DecideItem;
