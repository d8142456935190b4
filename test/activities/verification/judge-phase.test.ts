import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { judgePhase } from '../../../activities/verification/judge-phase.js';
import type { VerdictRequest } from '../../../libs/contracts/activities.js';
import { verdictSchema } from '../../../libs/contracts/evidence.js';
import { inActivity } from '../../support/in-activity.js';
import { inputsOf } from '../../support/judged-phase.js';
import { type SmallRun, smallRun } from '../../support/small-run.js';

async function judged(small: SmallRun, change: Partial<VerdictRequest> = {}) {
  const dependencies = {
    store: small.store,
    sandboxHost: { bubblewrap: undefined },
    scratch: join(small.folder, 'scratch'),
    cache: join(small.folder, 'cache'),
    toolsFolder: '/nowhere',
    programsFolder: '/nowhere',
  };
  const request: VerdictRequest = {
    run: small.run,
    phase: 'execute',
    round: 1,
    pass: 'A',
    input: inputsOf(small).execute,
    output: small.refs.executed,
    ...change,
  };
  const ref = await inActivity(() => judgePhase(dependencies)(request));
  return { ref, verdict: await small.store.getJson(ref.verdict.digest, verdictSchema) };
}

test('a verdict says on what, by whom, and each check', async () => {
  const small = await smallRun();
  const { ref, verdict } = await judged(small);
  expect(verdict).toMatchObject({
    run: 'small',
    phase: 'execute',
    round: 1,
    pass: 'A',
    verifier: { id: 'verifier.a' },
    input: { accepted: small.refs.accepted.digest, assignment: small.refs.assignment.digest },
    output: small.refs.executed.digest,
    passed: true,
  });
  expect(ref).toMatchObject({ pass: 'A', passed: true, checks: verdict.checks.length, failures: [] });
});

test('a rejection is a verdict: it does not fail, and names what was wrong', async () => {
  const small = await smallRun();
  const output = await small.store.putJson({ ...small.execution, results: [] });
  const { ref, verdict } = await judged(small, { output });
  expect(verdict.passed).toBe(false);
  expect(ref.passed).toBe(false);
  expect(ref.failures[0]).toContain('each-item-once: architecture has no result');
});

test('an output whose bytes are gone is rejected', async () => {
  const small = await smallRun();
  await small.store.remove(small.refs.executed.digest, new Date(Date.now() + 60_000));
  const { ref } = await judged(small);
  expect(ref.failures).toContainEqual(expect.stringContaining('The artifact store has no sha256:'));
});

test('an output whose bytes were damaged on disk is rejected', async () => {
  const small = await smallRun();
  const { digest } = small.refs.executed;
  const name = digest.slice('sha256:'.length);
  const path = join(small.folder, 'artifacts', 'sha256', name.slice(0, 2), name);
  const bytes = await readFile(path);
  await writeFile(path, bytes.fill((bytes[10] ?? 0) ^ 1, 10, 11));
  const { ref } = await judged(small);
  expect(ref.failures).toContainEqual(expect.stringContaining('have another digest'));
});

test('failures travel bounded', async () => {
  const small = await smallRun();
  const output = await small.store.putJson({
    ...small.execution,
    results: small.execution.results.map((result) => ({ ...result, outcome: small.refs.request })),
  });
  const { ref } = await judged(small, { output });
  expect(ref.failures).toHaveLength(5);
  expect(ref.failures.every((failure) => failure.length <= 300)).toBe(true);
});

test('a pass that a phase does not have is an error, never a verdict', async () => {
  const small = await smallRun();
  await expect(judged(small, { phase: 'assign', pass: 'B' })).rejects.toMatchObject({ code: 'InputInvalid' });
});

test('pass B without a sandbox is an error, never a verdict', async () => {
  await expect(judged(await smallRun(), { pass: 'B' })).rejects.toMatchObject({ code: 'SandboxUnavailable' });
});

test('pass C gives a verdict of its own verifier', async () => {
  const { verdict } = await judged(await smallRun(), { pass: 'C' });
  expect(verdict).toMatchObject({ pass: 'C', passed: true, verifier: { id: 'verifier.c' } });
});
