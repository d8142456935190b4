import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { VerificationDependencies } from '../../../activities/verification/dependencies.js';
import { judgePhase } from '../../../activities/verification/judge-phase.js';
import type { VerdictRequest } from '../../../libs/contracts/activities.js';
import { verdictSchema } from '../../../libs/contracts/evidence.js';
import { synthesise } from '../../../libs/synthesis/synthesise.js';
import { verdictProblems, verifierOf } from '../../../libs/verification/verdict-problems.js';
import { host } from '../../libs/sandbox/sandbox-fixture.js';
import { cleanRoom } from '../../support/clean-room.js';
import { inActivity } from '../../support/in-activity.js';
import { inputsOf } from '../../support/judged-phase.js';
import { digestOf } from '../../support/run-evidence.js';
import { code } from '../../support/small-reports.js';
import { type SmallRun, smallRun } from '../../support/small-run.js';

const program = digestOf('program');

/** A finding at another place. */
const moved = { ...code, findings: code.findings.map((finding) => ({ ...finding, line: 2 })) };

async function judged(
  small: SmallRun,
  change: Partial<VerdictRequest> = {},
  more: Partial<VerificationDependencies> = {},
) {
  const { pass = 'A' } = change;
  const dependencies: VerificationDependencies = {
    ...(await cleanRoom(small.folder)),
    store: small.store,
    pass,
    signer: small.signers[verifierOf(pass)],
    program,
    trust: async () => small.trust,
    ...more,
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

test('a process judges by its own pass alone', async () => {
  const small = await smallRun();
  await expect(judged(small, { pass: 'B' }, { pass: 'A' })).rejects.toMatchObject({
    code: 'InputInvalid',
    message: 'This process verifies pass A, not B.',
  });
});

test('a verdict is signed by the verifier of its pass, over what it was given on', async () => {
  const small = await smallRun();
  const { verdict } = await judged(small);
  const { run, phase, round, input, output, pass, passed } = verdict;
  const use = { run, phase, round, input, output, pass, passed };
  expect(verdict.verifier.program).toBe(program);
  expect(verdictProblems(verdict, use, small.trust)).toEqual([]);
  const elsewhere = { ...use, round: 2 };
  expect(verdictProblems({ ...verdict, round: 2 }, elsewhere, small.trust)).toEqual([
    'The signature of verifier.a is not one of these bytes.',
  ]);
});

test('the same output gets the same verdict, byte for byte', async () => {
  const small = await smallRun();
  const [first, second] = [await judged(small), await judged(small)];
  expect(first.ref.verdict).toEqual(second.ref.verdict);
});

test('pass B without a sandbox is an error, never a verdict', async () => {
  await expect(judged(await smallRun(), { pass: 'B' })).rejects.toMatchObject({ code: 'SandboxUnavailable' });
});

test('pass B of a phase without agents needs no sandbox', async () => {
  const small = await smallRun();
  const output = await small.store.putJson(await synthesise(small.store, small.refs));
  const { coordinate: input } = inputsOf(small);
  const { verdict } = await judged(small, { phase: 'coordinate', pass: 'B', input, output });
  expect(verdict).toMatchObject({
    pass: 'B',
    passed: true,
    disagrees: false,
    faults: [],
    verifier: { id: 'verifier.b' },
  });
});

test('a disagreement over what cannot be reproduced is told, and has not passed', async () => {
  const small = await smallRun({
    commands: { code: `cat <<'ANSWER'\n${JSON.stringify({ status: 'done', outcome: moved })}\nANSWER` },
    comparisons: { code: 'same-findings' },
  });
  const { ref, verdict } = await judged(small, { pass: 'B' }, { sandboxHost: host });
  expect(verdict).toMatchObject({ passed: false, disagrees: true });
  expect(ref).toMatchObject({ passed: false, disagrees: true });
});

test('pass C gives a verdict of its own verifier, with the figures of what it seeded', async () => {
  const { verdict } = await judged(await smallRun(), { pass: 'C' });
  expect(verdict).toMatchObject({ pass: 'C', passed: true, verifier: { id: 'verifier.c' } });
  expect(verdict.faults.length).toBeGreaterThan(0);
});
