import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCoordinationActivities } from '../../../activities/coordination/index.js';
import type { ArtifactStore } from '../../../libs/artifacts/artifact-store.js';
import { openStore } from '../../../libs/artifacts/open-store.js';
import { snapshot } from '../../../libs/artifacts/snapshot/snapshot.js';
import type { CoordinationActivities } from '../../../libs/contracts/activities.js';
import type { ArtifactRef } from '../../../libs/contracts/artifact.js';
import type { GraphItem, ItemResult } from '../../../libs/contracts/graph.js';
import type { AcceptedRequest, Assignment } from '../../../libs/contracts/phase.js';
import {
  checkpointSchema,
  judgementSchema,
  synthesisSchema,
} from '../../../libs/contracts/reports/synthesis.js';
import type { SnapshotRef } from '../../../libs/contracts/subject.js';
import { classify } from '../../../libs/intake/classify.js';
import { parseRequest } from '../../../libs/intake/parse-request.js';
import { acceptsCandidate } from '../../../libs/synthesis/accepts-candidate.js';
import type { Report } from '../../../libs/synthesis/report.js';
import {
  architecture,
  candidate,
  code,
  infrastructure,
  review,
  reviewGraph,
  validation,
} from '../../libs/synthesis/reports.js';
import { checksOn, executeRecord } from '../../support/execute-record.js';

let folder: string;
let store: ArtifactStore;
let coordination: CoordinationActivities;
let accepted: ArtifactRef;
let assignment: ArtifactRef;
let captured: SnapshotRef;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heptad-coordination-'));
  store = openStore(join(folder, 'store'));
  coordination = createCoordinationActivities({ store });
  captured = await taken({ 'lib/a.js': 'var a = 1;\n', 'lib/b.js': 'b();\n' });
  await store.putJson(review);
  const request = parseRequest({ template: 'repository-review', input: { subject: 'npm:sample@1.0.0' } });
  const subject = {
    subject: request.subject,
    title: 'npm:sample@1.0.0',
    snapshot: captured,
    integrity: 'sha512-x',
  };
  accepted = await store.putJson({
    kind: 'accepted',
    request,
    captured: subject,
    classification: classify(request, subject, review),
    checks: [],
  } satisfies AcceptedRequest);
  assignment = await store.putJson({
    kind: 'assignment',
    health: {},
    items: [],
    test: null,
    dependencies: null,
    probes: [],
    budgets: { memoryBytes: 1024, processes: 8 },
    graph: reviewGraph,
  } satisfies Assignment);
});

afterEach(() => rm(folder, { recursive: true, force: true }));

async function taken(files: Record<string, string>): Promise<SnapshotRef> {
  const workspace = await mkdtemp(join(folder, 'workspace-'));
  await mkdir(join(workspace, 'lib'));
  for (const [path, content] of Object.entries(files)) await writeFile(join(workspace, path), content);
  return snapshot(store, workspace);
}

const item = (id: string): GraphItem => {
  const found = reviewGraph.items.find((one) => one.id === id);
  if (!found) throw new Error(`There is no item ${id}.`);
  return found;
};

const result = async (
  id: string,
  report: Report,
  workspace: SnapshotRef | null = null,
): Promise<ItemResult> => ({
  item: id,
  agent: item(id).agents[0] ?? null,
  outcome: await store.putJson(report),
  measurements: null,
  workspace,
  summary: id,
  accepted: report.kind === 'validation' ? acceptsCandidate(report) : true,
});

const analyses = async (): Promise<ItemResult[]> => [
  await result('infrastructure', infrastructure()),
  await result('architecture', architecture()),
  await result('code', code()),
];

const barrier = (id: string, results: readonly ItemResult[], missing: readonly string[] = []) => ({
  run: 'r',
  item: item(id),
  accepted,
  assignment,
  results,
  unfinished: missing.map((one) => ({ item: one, status: 'failed' as const, code: 'AgentFailed' })),
});

/** A whole execution: A brings a secret in, B breaks a test, C has failed. */
async function execution(leak: string) {
  const consolidation = await coordination.consolidate(barrier('consolidation', await analyses()));
  const checkpoint = await coordination.checkpoint(barrier('checkpoint', [consolidation]));
  const a = await taken({ 'lib/a.js': `const a = 1;\n${leak}`, 'lib/b.js': 'b();\n' });
  const b = await taken({ 'lib/a.js': 'a', 'lib/b.js': 'b();\n' });
  const results = [
    ...(await analyses()),
    consolidation,
    checkpoint,
    await result('improve-a', candidate(), a),
    await result('validate-a', validation()),
    await result('improve-b', candidate({ strategy: 'oxlint' }), b),
    await result('validate-b', validation({ broken: ['one'] })),
  ];
  const unfinished = [
    { item: 'improve-c', status: 'failed' as const, code: 'AgentFailed' },
    { item: 'validate-c', status: 'skipped' as const, code: 'AgentFailed' },
  ];
  return { run: 'r', graph: reviewGraph, results, unfinished };
}

/** The record of the execution, in which pass B could not make the validation of A again. */
const verified = (executed: ArtifactRef): Promise<ArtifactRef> => {
  const items = ['improve-a', 'validate-a', 'improve-b', 'validate-b'];
  return executeRecord(store, {
    run: 'r',
    executed,
    checks: { A: checksOn('result', items), B: checksOn('again', items, ['validate-a']) },
  });
};

async function judged(leak: string) {
  const { outcome: executed } = await coordination.collectItems(await execution(leak));
  const { outcome: synthesis } = await coordination.synthesise({ run: 'r', accepted, executed });
  const record = await verified(executed);
  const staged = await coordination.judge({ run: 'r', accepted, executed, synthesis, executeRecord: record });
  return {
    executed,
    synthesis,
    record,
    staged,
    judgement: await store.getJson(staged.outcome.digest, judgementSchema),
  };
}

describe('the barriers', () => {
  it('consolidate the three analyses, and let the work go on', async () => {
    const consolidation = await coordination.consolidate(barrier('consolidation', await analyses()));
    const synthesis = await store.getJson(consolidation.outcome.digest, synthesisSchema);
    expect(synthesis.phase).toBe('analysis_consolidation');
    expect(synthesis.inputs.map(({ item: id }) => id)).toEqual(['architecture', 'code', 'infrastructure']);
    expect(synthesis.decisions.resourceAllocation).toMatchObject({ memoryBytes: 1024 });
    expect(consolidation).toMatchObject({
      agent: null,
      accepted: true,
      summary: '3 reports, 0 missing, 0 conflicts, 0 risks',
    });

    const checkpoint = await coordination.checkpoint(barrier('checkpoint', [consolidation]));
    expect(checkpoint).toMatchObject({ accepted: true, summary: '5 criteria are met' });
    expect((await store.getJson(checkpoint.outcome.digest, checkpointSchema)).passed).toBe(true);
  });

  it('stop the work where an analysis is missing', async () => {
    const two = (await analyses()).slice(1);
    const consolidation = await coordination.consolidate(barrier('consolidation', two, ['infrastructure']));
    const checkpoint = await coordination.checkpoint(barrier('checkpoint', [consolidation]));
    expect(checkpoint.accepted).toBe(false);
    expect(checkpoint.summary).toMatch(/^not met: all-completed, risks-documented/);
  });

  it('stop the work where the consolidation has no result', async () => {
    const checkpoint = await coordination.checkpoint(barrier('checkpoint', [], ['consolidation']));
    expect(checkpoint.accepted).toBe(false);
  });

  it('refuse an outcome that is not what the item has to give', async () => {
    const wrong = { ...(await result('code', architecture())) };
    await expect(coordination.consolidate(barrier('consolidation', [wrong]))).rejects.toMatchObject({
      code: 'InputInvalid',
    });
  });
});

describe('collecting', () => {
  it('stages every item once', async () => {
    const { summary } = await coordination.collectItems(await execution(''));
    expect(summary).toBe('9 of 11 items completed, 1 failed, 1 skipped, 0 repaired');
  });

  it('refuses an item that is counted twice, not at all, or unknown', async () => {
    const whole = await execution('');
    const [first] = whole.results;
    const twice = { ...whole, results: [...whole.results, ...(first ? [first] : [])] };
    await expect(coordination.collectItems(twice)).rejects.toMatchObject({
      code: 'InputInvalid',
      problems: [{ path: '/infrastructure', reason: 'It is accounted for 2 times, not once.' }],
    });
    await expect(coordination.collectItems({ ...whole, unfinished: [] })).rejects.toMatchObject({
      problems: [{ path: '/improve-c' }, { path: '/validate-c' }],
    });
    const unknown = [...whole.unfinished, { item: 'nobody', status: 'failed' as const, code: 'AgentFailed' }];
    await expect(coordination.collectItems({ ...whole, unfinished: unknown })).rejects.toMatchObject({
      problems: [{ path: '/nobody', reason: 'It is not an item of the graph.' }],
    });
  });
});

describe('the whole run', () => {
  it('is put together with every result and what is missing', async () => {
    const { synthesis } = await judged('');
    const { phase, inputs, missing, decisions } = await store.getJson(synthesis.digest, synthesisSchema);
    expect(phase).toBe('coordinate');
    expect(inputs).toHaveLength(9);
    expect(inputs.find(({ item: id }) => id === 'checkpoint')?.agent).toBe('heptad');
    expect(missing).toEqual(['improve-c', 'validate-c']);
    expect(decisions.implementationStrategy).toMatch(/^Deliver candidate A/);
  });

  it('proceeds with the candidate that keeps every test, with what is missing as a warning', async () => {
    const { staged, judgement } = await judged('');
    expect(judgement).toMatchObject({ decision: 'PROCEED', best: 'A' });
    expect(judgement.warnings).toEqual([
      '2 items without a result: improve-c (AgentFailed), validate-c (AgentFailed).',
    ]);
    expect(staged.facts).toEqual({ decision: 'PROCEED' });
    expect(staged.summary).toBe(
      'PROCEED; candidate A (biome) with fitness 0.71; 1 warning; failed: improve-c (AgentFailed)',
    );
    expect(judgement.criteria[2]?.evidence).toBe(`${captured.digest}: 2 files, each read and hashed again.`);
  });

  it('is blocked by a secret that the best candidate brings in', async () => {
    const { staged, judgement } = await judged(
      `var token = "ghp_${'wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx'}";\n`,
    );
    expect(staged.facts.decision).toBe('BLOCK');
    expect(judgement.criteria[1]).toMatchObject({
      met: false,
      evidence: expect.stringContaining('lib/a.js:2'),
    });
  });

  it('is blocked where the captured subject is not whole any more', async () => {
    const { executed, synthesis, record } = await judged('');
    const { digest } = await store.put('b();\n', 'text/plain');
    await store.remove(digest, new Date(Date.now() + 60_000));
    const { facts } = await coordination.judge({
      run: 'r',
      accepted,
      executed,
      synthesis,
      executeRecord: record,
    });
    expect(facts.decision).toBe('BLOCK');
  });

  it('gives the same judgement when it is judged again', async () => {
    const { executed, synthesis, record, staged } = await judged('');
    expect(
      await coordination.judge({ run: 'r', accepted, executed, synthesis, executeRecord: record }),
    ).toEqual(staged);
  });

  it('counts what verifiers checked of each candidate', async () => {
    const { judgement } = await judged('');
    expect(judgement.standings.map(({ measurements }) => measurements?.verification ?? null)).toEqual([
      { checks: 4, ok: 3 },
      null,
    ]);
  });

  it('refuses the record of another execution', async () => {
    const { executed, synthesis } = await judged('');
    const other = await verified(await store.putJson('another execution'));
    await expect(
      coordination.judge({ run: 'r', accepted, executed, synthesis, executeRecord: other }),
    ).rejects.toMatchObject({ code: 'InputInvalid' });
  });
});
