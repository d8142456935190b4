import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStore } from '../../../../libs/artifacts/open-store.js';
import { discoverySchema } from '../../../../libs/contracts/discovery.js';
import type { Message } from '../../../../libs/contracts/message.js';
import { runListSchema, runViewSchema } from '../../../../libs/contracts/run.js';
import { ApiDouble } from '../../../support/api-double.js';
import { heptad } from '../../../support/heptad.js';
import { wholeEvidence } from '../../../support/run-evidence.js';
import { acceptedView, completedView, failedView, wholeScript } from '../../../support/run-script.js';

describe('looking at runs', () => {
  const api = new ApiDouble();
  let server: string;
  let data: string;

  beforeEach(async () => {
    api.runs.clear();
    api.blobs.clear();
    api.requests.length = 0;
    server = await api.start();
    data = await mkdtemp(join(tmpdir(), 'heptad-cli-'));
  });

  afterEach(async () => {
    await api.stop();
    await rm(data, { recursive: true });
  });

  const call = (...args: string[]) => heptad(['--server', server, ...args], { env: { HEPTAD_DATA: data } });
  const callJson = async (...args: string[]) => JSON.parse((await call(...args, '--json')).out);

  it('lists runs, filtered by state and template', async () => {
    for (const id of ['r1', 'r2']) api.add(wholeScript(completedView(id)));
    api.add(wholeScript(failedView('r3')));
    api.add(wholeScript(acceptedView('r4', { template: 'other', phase: 'execute' })));
    const { code, out } = await call('runs');
    expect(code).toBe(0);
    expect(out).toMatch(
      /^run +state +subject +started +time\nr1 +completed +npm:ejs@1\.0\.0 +\d+ d ago +42\.0 s\n/,
    );
    expect(out).toMatch(/^r4 +running, execute/m);
    const idsOf = (list: unknown) => runListSchema.parse(list).runs.map(({ id }) => id);
    expect(idsOf(await callJson('runs', '--state', 'failed'))).toEqual(['r3']);
    expect(idsOf(await callJson('runs', '--template', 'other'))).toEqual(['r4']);
  });

  it('goes through pages until it has as many runs as were asked for, and says how to see more', async () => {
    for (const id of ['r1', 'r2', 'r3', 'r4']) api.add(wholeScript(completedView(id)));
    api.pageSize = 2;
    const list = runListSchema.parse(await callJson('runs', '--limit', '3'));
    expect(list.runs.map(({ id }) => id)).toEqual(['r1', 'r2', 'r3']);
    expect((await call('runs', '--limit', '3')).out).toContain(`More: heptad runs --cursor ${list.next}`);
    const rest = runListSchema.parse(await callJson('runs', '--cursor', String(list.next)));
    expect(rest.runs.map(({ id }) => id)).toEqual(['r4']);
  });

  it('shows a run with phases, candidates, verdicts and what it takes on disk', async () => {
    const { artifacts, blobs } = wholeEvidence();
    const folder = join(data, 'packages', 'r1');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'change.patch'), 'x'.repeat(5000));
    const store = openStore(join(data, 'artifacts'));
    for (const [digest, value] of blobs) {
      api.blobs.set(digest, value);
      await store.put(JSON.stringify(value), 'application/json');
    }
    api.add({ ...wholeScript(completedView('r1', { package: folder })), artifacts });
    const { code, out } = await call('show', 'r1');
    expect(code).toBe(0);
    expect(out).toMatch(/^3 execute +done +6\.0 s +execute is done$/m);
    expect(out).toMatch(/^B +strategy-B +0\.451 +92 → 62 +210 → 204 +120 +4\/4 +35\/35 +42\.0 % +eligible$/m);
    expect(out).toMatch(/^D +merge +0\.612 .* best$/m);
    expect(out).toMatch(/^C is out: It breaks 1 test: renders\.$/m);
    expect(out).toMatch(/^execute +passed +passed +passed$/m);
    expect(out).toMatch(/^deliver +passed +not run +not run$/m);
    const details = await callJson('show', 'r1');
    expect(Object.keys(details)).toEqual([
      'run',
      'candidates',
      'best',
      'merged',
      'verdicts',
      'progress',
      'kpis',
      'artifacts',
      'size',
    ]);
    expect(runViewSchema.parse(details.run).id).toBe('r1');
    expect(details.kpis.phase_durations.analysis).toBe(12.5);
    const stored = [...blobs.values()].reduce((sum: number, value) => sum + JSON.stringify(value).length, 0);
    expect(details.size.artifacts).toEqual({ count: blobs.size, bytes: stored });
    expect(details.size.package).toBeGreaterThanOrEqual(5000);
  });

  it('shows a run that has only begun', async () => {
    api.add(wholeScript(acceptedView('r1', { items: null, itemsUnavailable: 'No worker answers.' })));
    const { code, out } = await call('show', 'r1');
    expect(code).toBe(0);
    expect(out).toContain('items are not known: No worker answers.');
    expect((await callJson('show', 'r1')).size).toEqual({ package: null, artifacts: null });
  });

  it('shows how far the work is, and when it is expected to end', async () => {
    const tracker = { total_steps: 16, completed: 9, current_step: null, rollback_points: [] };
    api.add({
      ...wholeScript(acceptedView('r1')),
      progress: { progress: 61.6, tracker, estimatedCompletion: '2126-01-01T12:03:05.000Z' },
    });
    expect((await call('show', 'r1')).out).toMatch(
      /^62 % of the work, 9 of 16 items, about \d+ h \d\d min left \(until 12:03:05 UTC\)$/m,
    );
    expect((await callJson('show', 'r1')).progress).toMatchObject({ progress: 61.6, tracker });
  });

  it('prints what the items said', async () => {
    const message: Message = {
      header: {
        phase: 'analysis',
        agent_id: 'analyst.code',
        timestamp: '2026-01-01T12:00:12.000Z',
        priority: 'normal',
      },
      body: {
        message_type: 'error',
        content: { item: 'code', code: 'AgentFailed' },
        dependencies: [],
        next_action: 'Decide whether consolidation can do without it.',
      },
      metadata: { execution_time: 2.5, resource_usage: {}, retry_count: 1 },
    };
    api.add({ ...wholeScript(acceptedView('r1')), messages: [message] });
    api.add(wholeScript(acceptedView('r2')));
    expect((await call('messages', 'r1')).out).toBe(
      '2026-01-01T12:00:12.000Z  error    code by analyst.code in 2.5 s: AgentFailed  Decide whether consolidation can do without it.\n',
    );
    expect(await callJson('messages', 'r1')).toEqual({ messages: [message] });
    expect((await call('messages', 'r2')).out).toBe('No item has ended yet.\n');
  });

  it.each([
    ['pause', 'pausing'],
    ['resume', 'running'],
    ['cancel', 'cancelled'],
  ] as const)('asks to %s a run and tells its state', async (verb, state) => {
    api.add(wholeScript(acceptedView('r1')));
    const { code, out } = await call(verb, 'r1');
    expect({ code, out }).toEqual({ code: 0, out: `Asked to ${verb}. Run r1 is ${state}.\n` });
    expect(api.requests.map(({ route }) => route)).toEqual([`POST /v1/runs/r1/${verb}`]);
    expect(runViewSchema.parse(await callJson(verb, 'r1')).state).toBe(state);
  });

  it('shows how the work stands by category', async () => {
    const work = {
      total_discoveries: 4,
      completed_work: 5,
      active_categories: [],
      blocked_work: 1,
      categories: {
        analysis: { completed: 4, active: 0, pending: 0, failed: 1 },
        validation: { completed: 1, active: 0, pending: 1, failed: 0 },
      },
      complete: { categories_completed: ['analysis'], total_work_items: 7 },
    };
    api.add(wholeScript(completedView('r1', { work })));
    const { out } = await call('show', 'r1');
    expect(out).toMatch(/^work +5 of 7 completed, 1 waiting for a person, 4 discovered$/m);
    expect(out).toMatch(/^ +analysis: 4 completed, 1 failed$/m);
    expect(out).toMatch(/^ +validation: 1 completed, 1 pending$/m);
  });

  it('lists what was discovered and what became of it, to who may see it', async () => {
    const discovery = discoverySchema.parse({
      description: 'The parser is slow in every pass.',
      done: 'It is compiled once, and the tests pass.',
      kind: 'performance',
    });
    const entry = {
      ...{
        number: 1,
        by: 'look',
        depth: 1,
        discovery,
        index: 0,
        category: 'analysis',
        route: 'to-be-analysed',
      },
      ...{ fate: 'admitted', reason: null, duplicateOf: null, items: ['analyse-1'] },
    };
    const again = { ...entry, number: 2, fate: 'duplicate', duplicateOf: 1, items: [] };
    api.discoveries = { ledger: null, discoveries: [entry, again], hidden: 2, unavailable: null };
    api.add(wholeScript(completedView('r1')));
    const { code, out } = await call('discoveries', 'r1', '--private', '--label', 'team', 'others');
    expect(code).toBe(0);
    expect(out).toMatch(/^1 +look +performance +analysis +to-be-analysed +analyse-1 +The parser is slow/m);
    expect(out).toMatch(/^2 +look .* duplicate of 1 /m);
    expect(out).toContain('2 more that you may not see.');
    expect(api.requests.at(-1)?.route).toBe(
      'GET /v1/runs/r1/discoveries?label=team&label=others&include=private',
    );
    expect(await callJson('discoveries', 'r1')).toEqual(api.discoveries);
  });

  it('says that a run which has ended is not steered any more', async () => {
    api.add(wholeScript(completedView('r1')));
    const { code, err } = await call('cancel', 'r1');
    expect(code).toBe(1);
    expect(err).toContain('[RunClosed]');
  });

  it('lists templates and agents', async () => {
    const template = {
      name: 'repository-review',
      version: '1.0.0',
      title: 'Review',
      description: 'Reviews.',
    };
    api.templates.splice(0, 1, template);
    const agent = { id: 'code-analyst', version: '1.0.0', title: 'Analyst', layer: 'specialist' };
    const rest = { capabilities: ['analyse.code'], driver: { kind: 'builtin', program: 'code' } };
    api.agents.splice(0, 1, { ...agent, ...rest });
    expect((await call('templates')).out).toMatch(/^repository-review +1\.0\.0 +Review$/m);
    expect((await call('agents')).out).toMatch(
      /^code-analyst +1\.0\.0 +specialist +builtin +analyse\.code$/m,
    );
    expect(await callJson('templates')).toEqual({ templates: [template] });
    expect(await callJson('agents')).toEqual({ agents: [{ ...agent, ...rest }] });
  });
});
