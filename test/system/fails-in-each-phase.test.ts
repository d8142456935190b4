import { readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PackageReport } from '../../libs/contracts/package-check.js';
import type { RunView } from '../../libs/contracts/run.js';
import { checkPackage } from '../../libs/package-check/check-package.js';
import { replayHistories } from '../../libs/package-check/replay/replay-histories.js';
import { type PhaseName, phaseNames } from '../../libs/protocol/phases.js';
import { LiveStack, sound } from '../support/live-stack.js';
import { answer, rejection, serveVerifiers, verifierKeys } from '../support/other-verifiers.js';
import { type SealedRun, sealedRun } from '../support/sealed-run.js';
import { verdictOn } from '../support/service-signers.js';
import { notAsked, pinnedBy, problemsOf, unproven } from '../support/verify-package.js';

let stack: LiveStack;
let stop: () => Promise<void>;
/** The run that is rejected in each phase. */
const runs = new Map<string, string>();
beforeAll(async () => {
  stack = await LiveStack.start();
  const keys = await verifierKeys(stack);
  await stack.kill('verify');
  const subject = await stack.subject('rejected', sound);
  for (const phase of phaseNames) runs.set(phase, await stack.review(subject));
  stop = await serveVerifiers(stack, keys, {
    judge: (request) => {
      const rejected = request.run === runs.get(request.phase) && request.pass === 'C';
      return answer(stack.store, verdictOn(request, keys, rejected ? rejection : {}));
    },
  });
  await Promise.all([...runs.values()].map((run) => stack.untilSealed(run)));
});
afterAll(async () => {
  await stop?.();
  await stack?.remove();
});

interface Failed extends SealedRun {
  readonly view: RunView;
  /** Paths in the run's folder. */
  readonly files: readonly string[];
  readonly report: PackageReport;
}

async function failedIn(phase: PhaseName): Promise<Failed> {
  const view = await stack.view(runs.get(phase) ?? '');
  const run = await sealedRun(stack, view.id);
  const { folder } = run.seal;
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => relative(folder, join(parentPath, name)));
  const pinned = await pinnedBy(stack.config.configFolder);
  const report = await checkPackage(folder, { pinned, keyids: [], replay: replayHistories });
  return { ...run, view, files, report };
}

function expectSealed({ view, seal, records }: Failed, phase: PhaseName): void {
  const reached = phaseNames.slice(0, phaseNames.indexOf(phase) + 1);
  const carriedOut = phase === 'conclude' ? reached : [...reached, 'conclude' as const];
  expect(view.failure).toMatchObject({
    code: 'VerificationFailed',
    message: expect.stringContaining('pass C: none: It rejects what it did not look at.'),
  });
  expect(records.map((record) => [record.phase, record.failure?.code])).toEqual(
    carriedOut.map((name) => [name, name === phase ? 'VerificationFailed' : undefined]),
  );
  expect(seal).toMatchObject({ status: 'FAILED', by: 'conclude', failure: view.failure });
  expect(seal.histories.map(({ type, closed }) => [type, closed])).toEqual([
    ['run', 'FAILED'],
    ...carriedOut.map((name) => [name, name === phase ? 'FAILED' : 'COMPLETED']),
  ]);
}

const before = phaseNames.filter((phase) => phase !== 'conclude');

describe.each(before)('a run that is rejected in %s', (phase) => {
  let run: Failed;
  beforeAll(async () => {
    run = await failedIn(phase);
  });

  test('is blocked, concluded and sealed, with every history to its closing event', () => {
    expect(run.view).toMatchObject({ state: 'blocked', decision: 'BLOCK' });
    expectSealed(run, phase);
  });

  test('delivers nothing and attests nothing', () => {
    expect(run.view.package).toBe(null);
    expect(run.seal.packageManifest).toBe(null);
    expect(run.files.filter((file) => !/^(seal|histories)\//.test(file))).toEqual([]);
  });

  test('has evidence that is proven, and that says how it ended', () => {
    expect(unproven(run.report)).toEqual({ delivered: 'failed', ...notAsked });
    expect(problemsOf(run.report, 'delivered')).toEqual([
      'Nothing was delivered: the run ended as FAILED with VerificationFailed.',
    ]);
    expect(run.report.checks.map(({ check }) => check)).toContain('replay');
    expect(run.report.proven).toBe(false);
  });
});

describe('a run that is rejected in conclude, when it has delivered', () => {
  let run: Failed;
  beforeAll(async () => {
    run = await failedIn('conclude');
  });

  test('has failed and is sealed, with every history to its closing event', () => {
    expect(run.view.state).toBe('failed');
    expectSealed(run, 'conclude');
  });

  test('has a package that is whole, and is not proven, because of how the run ended', () => {
    expect(unproven(run.report)).toEqual({ completed: 'failed', ...notAsked });
    expect(problemsOf(run.report, 'completed')).toEqual([
      'Behind the delivery the run ended as FAILED with VerificationFailed.',
    ]);
    expect(run.report.proven).toBe(false);
  });
});
