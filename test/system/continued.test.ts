import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { paths } from '../../libs/config/paths.js';
import { type Execution, executionSchema } from '../../libs/contracts/phase.js';
import type { RollbackPoint } from '../../libs/contracts/resumption.js';
import type { RunView } from '../../libs/contracts/run.js';
import type { Digest } from '../../libs/protocol/digest.js';
import { heptad } from '../support/heptad.js';
import { LiveStack, sound } from '../support/live-stack.js';
import { type SealedRun, sealedRun } from '../support/sealed-run.js';
import { notAsked, unproven, type Verified, verifyPackage } from '../support/verify-package.js';

let stack: LiveStack;
beforeAll(async () => {
  stack = await LiveStack.start();
});
afterAll(() => stack?.remove());

const analysed = ['architecture', 'code', 'infrastructure', 'consolidation', 'checkpoint'];

const call = (...args: readonly string[]) =>
  heptad(['--server', stack.url, '--json', ...args], { env: { HEPTAD_DATA: stack.config.data } });

/** Starts a run from another one, as people do. */
async function started(...args: readonly string[]): Promise<string> {
  const { code, out, err } = await call(...args, '--detach');
  expect([code, err]).toEqual([0, '']);
  return JSON.parse(out).id;
}

async function executionOf(run: SealedRun): Promise<Execution> {
  const output = run.records.find(({ phase }) => phase === 'execute')?.output;
  if (!output) throw new Error('Execute staged nothing.');
  return await stack.store.getJson(output, executionSchema);
}

/** Items of execute that some agent or barrier was asked to do. */
const attempted = ({ attempts }: SealedRun): string[] =>
  [...new Set(attempts.flatMap(({ key }) => /\/3-execute:(.*)\.\d+$/.exec(key)?.[1] ?? []))]
    .filter((item) => !item.startsWith('pass-'))
    .sort();

/** Changes a byte of an artifact, where it is stored. */
async function tamper(digest: Digest): Promise<void> {
  const folder = paths(stack.config).artifacts;
  const hash = digest.slice('sha256:'.length);
  const found = (await readdir(folder, { recursive: true })).find((path) => path.endsWith(hash));
  if (!found) throw new Error(`${digest} is not in the store.`);
  const bytes = await readFile(join(folder, found));
  bytes.writeUInt8(bytes.readUInt8(0) ^ 1, 0);
  await writeFile(join(folder, found), bytes, { mode: 0o644 });
}

describe('a run that was cancelled in the middle of its work', () => {
  let first: RunView;
  let points: RollbackPoint[];
  let second: RunView;
  let rolledBack: SealedRun;
  let execution: Execution;
  let verified: Verified;
  beforeAll(async () => {
    const id = await stack.review(await stack.subject('continued', sound));
    await stack.untilView(id, 'having passed its checkpoint', ({ items }) =>
      (items ?? []).some((item) => item.id === 'checkpoint' && item.status === 'completed'),
    );
    await stack.steer(id, 'cancel');
    first = await stack.untilSealed(id);
    points = JSON.parse((await call('points', id)).out).points;
    second = await stack.untilSealed(await started('rollback', id, 'after-checkpoint'), 240_000);
    rolledBack = await sealedRun(stack, second.id);
    execution = await executionOf(rolledBack);
    verified = await verifyPackage(stack.config.configFolder, rolledBack.seal.folder);
  });

  test('has the states that another one can start from', () => {
    expect(first.state).toBe('cancelled');
    expect(points.map(({ id }) => id)).toEqual([
      ...['subject', 'after-consolidation', 'after-checkpoint', 'executed'],
    ]);
    expect(points[2]?.items).toEqual(analysed);
    expect(new Set(points.map(({ state }) => state)).size).toBeGreaterThanOrEqual(3);
  });

  test('is gone on with by another one, which completes', () => {
    expect(second).toMatchObject({
      state: 'completed',
      failure: null,
      from: { run: first.id, how: 'rollback' },
    });
  });

  test('is not asked again what it has done, but what it has not', () => {
    const reused = execution.results.filter(({ reusedFrom }) => reusedFrom !== undefined);
    expect(reused.map(({ item, reusedFrom }) => [item, reusedFrom])).toEqual(
      analysed.map((item) => [item, first.id]),
    );
    const others = execution.graph.items.map(({ id }) => id).filter((id) => !analysed.includes(id));
    expect(others).toContain('improve-a');
    expect(attempted(rolledBack)).toEqual(others.toSorted());
  });

  test('is judged by all passes like any other, and its package is proven', () => {
    for (const { phase, verdicts } of rolledBack.records)
      expect([phase, verdicts.map(({ passed }) => passed)]).toEqual([phase, [true, true, true]]);
    expect(unproven(verified.report)).toEqual(notAsked);
    expect(verified.code).toBe(0);
  });

  test('has an item done again, with what depends on it and nothing else', async () => {
    const third = await stack.untilSealed(await started('rerun', second.id, 'improve-a'), 240_000);
    expect(third).toMatchObject({ state: 'completed', from: { run: second.id, how: 'rerun' } });
    const again = await sealedRun(stack, third.id);
    expect(attempted(again)).toEqual(['improve-a', 'validate-a']);
    const byItem = new Map((await executionOf(again)).results.map((one) => [one.item, one]));
    expect([byItem.get('code')?.reusedFrom, byItem.get('improve-b')?.reusedFrom]).toEqual([
      first.id,
      second.id,
    ]);
    expect(byItem.get('improve-a')?.outcome).toEqual(
      execution.results.find(({ item }) => item === 'improve-a')?.outcome,
    );
  });

  test('left nothing that another one could continue', async () => {
    const { code, out } = await call('continue', second.id, '--detach');
    expect([code, JSON.parse(out).error.code]).toEqual([1, 'NothingToContinue']);
  });

  test('is not gone on with once a byte that it committed was changed', async () => {
    const outcome = execution.results.find(({ item }) => item === 'architecture')?.outcome;
    if (!outcome) throw new Error('There is no outcome.');
    await tamper(outcome.digest);
    const { code, out } = await call('rollback', first.id, 'after-checkpoint', '--detach');
    const { error } = JSON.parse(out);
    expect([code, error.code]).toEqual([1, 'ArtifactCorrupt']);
    expect(error.message).toContain(outcome.digest);
  });
});
