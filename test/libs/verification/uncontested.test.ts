import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { assemblePackage } from '../../../libs/packaging/assemble.js';
import type { PhaseName } from '../../../libs/protocol/phases.js';
import { attack } from '../../../libs/verification/attack/attack.js';
import { CheckList } from '../../../libs/verification/check-list.js';
import type { Judged } from '../../../libs/verification/judged.js';
import type { CleanRoom } from '../../../libs/verification/re-execution/clean-room.js';
import { reExecute } from '../../../libs/verification/re-execution/re-execute.js';
import { ownTests } from '../../../libs/verification/self-check/own-tests.js';
import { cleanRoom, failuresAgain } from '../../support/clean-room.js';
import { failuresOf, judgedPhase } from '../../support/judged-phase.js';
import { plainDelivery, plainRun, type Shape } from '../../support/plain-run.js';
import type { SmallRun } from '../../support/small-run.js';
import { buildPrograms, root } from '../agents/support/built-programs.js';
import { host } from '../sandbox/sandbox-fixture.js';

let programs: Awaited<ReturnType<typeof buildPrograms>>;

beforeAll(async () => {
  programs = await buildPrograms();
});
afterAll(() => programs.remove());

const phases = ['assign', 'execute', 'coordinate', 'verify', 'deliver'] as const;
type Phase = (typeof phases)[number] & PhaseName;

/** What a phase stages, changed where a test says so, as a pass gets it. */
async function staged(
  small: SmallRun,
  phase: Phase,
  change: (output: Record<string, unknown>) => object = (output) => output,
): Promise<Judged> {
  if (phase === 'deliver') {
    const { input } = await plainDelivery(small);
    const made = await assemblePackage(small.store, { run: small.run, input, merged: null });
    return await judgedPhase(small, 'deliver', change(made), input);
  }
  const { assignment, execution, synthesis, judgement } = small;
  const outputs = { assign: assignment, execute: execution, coordinate: synthesis, verify: judgement };
  return await judgedPhase(small, phase, change(structuredClone(outputs[phase])));
}

const roomFor = (small: SmallRun): Promise<CleanRoom> =>
  cleanRoom(small.folder, {
    sandboxHost: host,
    programsFolder: programs.folder,
    toolsFolder: join(root, 'node_modules'),
    roster: small.roster,
  });

/** The failed checks of pass C, by their names. */
async function failuresOfAttack(small: SmallRun, judged: Judged): Promise<Record<string, string>> {
  const checks = new CheckList();
  await attack(judged, checks, {
    scratch: join(small.folder, 'scratch'),
    signer: small.signers['verifier.c'],
  });
  return Object.fromEntries(checks.checks.filter(({ ok }) => !ok).map(({ check, says }) => [check, says]));
}

describe.each(['reports', 'chain'] as const satisfies readonly Shape[])('a run of %s alone', (shape) => {
  // What a template says of workspaces is compiled elsewhere, so that only what needs none is planned again.
  const again = shape === 'reports' ? phases : phases.filter((phase) => phase !== 'assign');

  test.each(phases)('is accepted in %s by pass A', async (phase) => {
    const small = await plainRun({ shape });
    const judged = await staged(small, phase);
    expect(await failuresOf(judged)).toEqual({});
    const checks = new CheckList();
    await ownTests(judged, checks, await roomFor(small));
    expect(checks.checks).toEqual([]);
  });

  test.each(again)('comes out of %s in pass B as it was staged', async (phase) => {
    const small = await plainRun({ shape });
    expect(await failuresAgain(reExecute, await staged(small, phase), await roomFor(small))).toEqual({});
  });

  test.each(phases)('is attacked in %s by pass C in vain', async (phase) => {
    const small = await plainRun({ shape });
    expect(await failuresOfAttack(small, await staged(small, phase))).toEqual({});
  });
});

describe('pass A rejects', () => {
  test('a test plan where the template has no tests run', async () => {
    const small = await plainRun();
    const judged = await staged(small, 'assign', (one) => ({ ...one, test: { command: 'true', tools: {} } }));
    expect((await failuresOf(judged))['dependencies-locked']).toContain('has no tests run');
  });

  test('a report that breaks the schema of its template', async () => {
    const small = await plainRun();
    const outcome = await small.store.putJson({ notes: -1 });
    const results = small.execution.results.map((one) => (one.item === 'notes' ? { ...one, outcome } : one));
    const judged = await staged(small, 'execute', (one) => ({ ...one, results }));
    const failures = await failuresOf(judged);
    expect(failures['result:notes']).toContain('/verdict: It is missing.');
    expect(failures['result:notes']).toContain('/notes: It must be >= 0.');
  });

  test('an item that was not needed and is called missing, and one that is hidden', async () => {
    const small = await plainRun();
    const { notNeeded: _, ...synthesis } = small.synthesis;
    const missing = await staged(small, 'coordinate', () => ({ ...synthesis, missing: ['extra'] }));
    expect((await failuresOf(missing))['inputs-are-results']).toBe(
      'Missing are none, not extra. Not needed are extra, not none.',
    );
    expect(await failuresOf(await staged(small, 'coordinate', () => synthesis))).toHaveProperty(
      'inputs-are-results',
    );
  });

  test('work that is called complete and is not', async () => {
    const small = await plainRun({ unfinished: [{ item: 'links', status: 'failed', code: 'AgentFailed' }] });
    const criteria = small.judgement.criteria.map((one) => ({ ...one, met: true }));
    const judged = await staged(small, 'verify', (one) => ({ ...one, criteria, decision: 'PROCEED' }));
    const failures = await failuresOf(judged);
    expect(Object.keys(failures)).toEqual(['completeness-follows']);
    expect(failures['completeness-follows']).toContain('Without a result: links (AgentFailed).');
  });

  test('the workspace of an earlier item in the place of the last one', async () => {
    const small = await plainRun({ shape: 'chain' });
    const workspace = small.execution.results.find(({ item }) => item === 'draft')?.workspace;
    const judged = await staged(small, 'deliver', (one) => ({ ...one, workspace }));
    expect((await failuresOf(judged))['delivered-follows']).toBe('The workspace is not that of polish.');
  });

  test('a merge of nothing, and a changed workspace that is called reports alone', async () => {
    const small = await plainRun({ shape: 'chain' });
    const merged = await staged(small, 'deliver', (one) => ({ ...one, merge: one.judgement }));
    expect((await failuresOf(merged))['delivered-follows']).toBe('There is a merge, but nothing competed.');
    const renamed = await staged(small, 'deliver', (one) => ({ ...one, candidate: 'none' }));
    expect((await failuresOf(renamed))['delivered-follows']).toContain('It is called none');
  });
});

test('pass B rejects a report that an agent does not give a second time, which keeps to its schema', async () => {
  const small = await plainRun();
  const outcome = await small.store.putJson({ notes: 7, verdict: 'better' });
  const results = small.execution.results.map((one) => (one.item === 'notes' ? { ...one, outcome } : one));
  const judged = await staged(small, 'execute', (one) => ({ ...one, results }));
  const failures = await failuresAgain(reExecute, judged, await roomFor(small));
  expect(failures['again:notes']).toContain('/notes: 7, then 2');
});
