import type { Discoveries, ItemHistory } from '../../../libs/contracts/item-history.js';
import type { Kpis } from '../../../libs/contracts/kpis.js';
import type { Message } from '../../../libs/contracts/message.js';
import type { RunProgress } from '../../../libs/contracts/progress.js';
import type { StartRun } from '../../../libs/contracts/request.js';
import type { RollbackPoint } from '../../../libs/contracts/resumption.js';
import type { RunAccepted, RunEvent, RunSummary, RunView } from '../../../libs/contracts/run.js';
import type { DecideItem } from '../../../libs/contracts/steering.js';
import type { Waiver } from '../../../libs/contracts/waiver.js';
import { phaseNames } from '../../../libs/protocol/phases.js';
import type { ListedTemplate } from '../../../libs/templates/registry/registered-template.js';

const id = 'q5k2m7xw3c4tz6n2yjhr7dbvae';
const digest = (digit: string) => `sha256:${digit.repeat(64)}` as const;

export const templateExample: ListedTemplate = {
  name: 'repository-review',
  version: '1.0.0',
  title: 'Repository review',
  description: 'Analyses a repository, improves it, and verifies what came out.',
  tags: ['review'],
  categories: ['analysis', 'implementation', 'validation'],
  items: 7,
  digest: digest('a'),
  origin: 'shipped',
  archived: false,
  createdAt: null,
};

/** A template of somebody's own, as text. */
export const sourceExample = {
  source: [
    'name: survey',
    'version: 1.0.0',
    'title: Survey',
    'description: Reads the code.',
    'input: { type: object, required: [subject], properties: { subject: { type: string } } }',
    'items:',
    '  - id: code',
    '    title: Code',
    '    category: analysis',
    '    work: { kind: agent, capability: analyse.code }',
    '    expects: code',
    '    done: { says: The findings are counted., expression: result.totals.all >= 0 }',
    '',
  ].join('\n'),
};

export const createdTemplateExample: ListedTemplate = {
  ...templateExample,
  name: 'survey',
  title: 'Survey',
  description: 'Reads the code.',
  tags: [],
  categories: ['analysis'],
  items: 1,
  origin: 'created',
  createdAt: '2026-01-05T09:00:00.000Z',
};

export const validationExample = {
  valid: false,
  problems: [
    {
      path: '/items/1/depends_on/0',
      line: 12,
      column: 18,
      reason: 'There is no item "cod"; did you mean "code"?',
    },
  ],
  warnings: [],
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
  from: null,
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
  version: 1,
  latest: true,
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

export const messageExample: Message = {
  header: {
    phase: 'analysis',
    agent_id: 'analyst.code',
    timestamp: '2026-01-05T09:00:12.000Z',
    priority: 'normal',
  },
  body: {
    message_type: 'result',
    content: {
      item: 'code',
      title: 'Analysis of the code',
      status: 'completed',
      summary: '41 findings in 3 files',
      accepted: true,
      outcome: digest('f'),
    },
    dependencies: [],
    next_action: 'Go on with consolidation.',
  },
  metadata: {
    execution_time: 8.4,
    resource_usage: { wallMs: 8100, cpuMs: 7900, peakMemoryBytes: 130_000_000 },
    retry_count: 0,
  },
};

export const progressExample: RunProgress = {
  run: id,
  state: 'running',
  currentPhase: 'execute',
  currentCategory: 'analysis',
  progress: 12.5,
  estimatedCompletion: '2026-01-05T09:42:00.000Z',
  activeAgents: ['analyst.code'],
  blockers: [],
  tracker: {
    total_steps: 16,
    completed: 2,
    current_step: {
      name: 'Analysis of the code',
      started: '2026-01-05T09:00:03.600Z',
      estimated_completion: '2026-01-05T09:00:12.000Z',
      blockers: [],
    },
    rollback_points: [],
  },
};

export const kpisExample: Kpis = {
  run: id,
  phase_durations: {
    analysis: 12.1,
    consolidation_1: 0.3,
    implementation: null,
    testing: null,
    final_consolidation: null,
  },
  category_durations: { analysis: 12.1, implementation: null },
  agent_performance: { success_rate: 1, average_execution_time: 7.2, resource_efficiency: 0.24 },
  quality_metrics: { test_coverage: null, documentation_completeness: null, error_rate: null },
};

export const pointExample: RollbackPoint = {
  id: 'after-checkpoint',
  at: '2026-01-05T09:10:00.000Z',
  after: 'checkpoint',
  workspace: digest('f'),
  items: ['architecture', 'code', 'infrastructure', 'consolidation', 'checkpoint'],
  state: digest('9'),
};
