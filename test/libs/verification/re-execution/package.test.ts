import { readdir } from 'node:fs/promises';
import { expect, test } from 'vitest';
import type { Comparison } from '../../../../libs/contracts/agent.js';
import type { StagedPackage } from '../../../../libs/contracts/phase.js';
import { packageManifestSchema } from '../../../../libs/contracts/phase.js';
import { validationReportSchema } from '../../../../libs/contracts/reports/candidate.js';
import { type MergeReport, mergeReportSchema } from '../../../../libs/contracts/reports/merge.js';
import { mergeCandidates } from '../../../../libs/merge/merge-candidates.js';
import { assemblePackage } from '../../../../libs/packaging/assemble.js';
import { makeManifest } from '../../../../libs/packaging/manifest/make-manifest.js';
import { CheckList } from '../../../../libs/verification/check-list.js';
import type { CleanRoom } from '../../../../libs/verification/re-execution/clean-room.js';
import { assembleAgain } from '../../../../libs/verification/re-execution/package.js';
import { acceptedByA, cleanRoom, failuresAgain } from '../../../support/clean-room.js';
import { failuresOf, judgedPhase } from '../../../support/judged-phase.js';
import { smallDelivery } from '../../../support/small-delivery.js';
import { type SmallRun, type SmallRunOptions, smallRun } from '../../../support/small-run.js';
import { host } from '../../sandbox/sandbox-fixture.js';

/** What deliver stages for a small run, merged for real. */
async function delivered(options?: SmallRunOptions) {
  const small = await smallRun(options);
  const room = await cleanRoom(small.folder, { sandboxHost: host });
  const { input } = await smallDelivery(small);
  const { accepted, assignment, executed, judged } = input;
  const merge = await mergeCandidates(
    { run: small.run, accepted, assignment, executed, judged },
    { ...room, store: small.store },
  );
  const merged = await small.store.putJson(merge);
  const staged = await assemblePackage(small.store, { run: small.run, input, merged });
  return { small, room, input, merge, staged };
}

type Delivered = Awaited<ReturnType<typeof delivered>>;

/** What pass B finds of a changed package, and whether pass A alone accepts it. */
async function found(
  { small, room, input, staged }: Delivered,
  change: (staged: StagedPackage, small: SmallRun) => Promise<StagedPackage>,
  more: Partial<CleanRoom> = {},
) {
  const judged = await judgedPhase(small, 'deliver', await change(staged, small), input);
  const byB = await failuresAgain(assembleAgain, judged, { ...room, ...more });
  expect(await readdir(room.scratch)).toEqual([]);
  return { byA: await acceptedByA(judged), byB };
}

/** Puts other bytes in the place of a file, in the manifest too, so that all of it hangs together. */
async function withFile(
  staged: StagedPackage,
  { store }: SmallRun,
  name: string,
  text: string,
): Promise<StagedPackage> {
  const file = staged.files.find((one) => one.name === name);
  if (!file) throw new Error(`There is no ${name}.`);
  const { digest, size } = await store.put(text, file.mediaType);
  const files = staged.files.map((one) => (one === file ? { ...one, digest, size } : one));
  const packaged = await store.getJson(staged.manifest.digest, packageManifestSchema);
  const { json, bin } = await makeManifest(store, packaged, files);
  return { ...staged, files, manifest: json, manifestBinary: bin };
}

async function withMerge(
  staged: StagedPackage,
  small: SmallRun,
  change: (merge: MergeReport) => unknown,
): Promise<StagedPackage> {
  const { store } = small;
  if (!staged.merge) throw new Error('There is no merge.');
  const changed = change(await store.getJson(staged.merge.digest, mergeReportSchema));
  const merge = await store.putJson(changed);
  const forged = await withFile(
    staged,
    small,
    'reports/merge.json',
    (await store.get(merge.digest)).toString(),
  );
  return { ...forged, merge };
}

test('a package that comes of its inputs is accepted', async () => {
  const made = await delivered();
  const judged = await judgedPhase(made.small, 'deliver', made.staged, made.input);
  expect(await failuresOf(judged)).toEqual({});
  expect(await found(made, async (staged) => staged)).toEqual({ byA: true, byB: {} });
});

test('a package whose page says something else is found, which pass A accepts', async () => {
  const { byA, byB } = await found(await delivered(), (staged, small) =>
    withFile(staged, small, 'README.md', 'All is proven.\n'),
  );
  expect(byA).toBe(true);
  expect(Object.keys(byB)).toEqual(['same-outcome']);
  expect(byB['same-outcome']).toContain('/files/');
});

test('a merge that was not searched as it says is found, which pass A accepts', async () => {
  const made = await delivered();
  const { byA, byB } = await found(made, (staged, small) =>
    withMerge(staged, small, (merge) => ({ ...merge, stopped: 'evaluations', budget: { evaluations: 99 } })),
  );
  expect(byA).toBe(true);
  expect(byB['merged-again']).toContain('/budget/evaluations: 99, then 16');
});

test('a lineage that was made up is found, which pass A accepts', async () => {
  const made = await delivered();
  expect(made.merge.result.lineage).not.toEqual([]);
  const { byA, byB } = await found(made, (staged, small) =>
    withMerge(staged, small, (merge) => ({
      ...merge,
      result: { ...merge.result, lineage: merge.result.lineage.map((one) => ({ ...one, from: ['Z'] })) },
    })),
  );
  expect(byA).toBe(true);
  expect(byB['merged-again']).toContain('/result/lineage/0/from/0: "Z", then');
});

test('a decision to block that was delivered all the same is rejected', async () => {
  const made = await delivered();
  const judged = await made.small.store.putJson({ ...made.small.judgement, decision: 'BLOCK' });
  const { byA, byB } = await found({ ...made, input: { ...made.input, judged } }, async (staged) => staged);
  expect(byA).toBe(false);
  expect(byB['assembled-again']).toContain('BLOCK');
});

/** A package assembled from a merge whose result was validated with another verdict than it is now. */
async function otherwiseValidated(comparison: Comparison) {
  const { small, room, input, merge } = await delivered({ comparisons: { 'validate-a': comparison } });
  const { store } = small;
  const report = await store.getJson(merge.result.validation.digest, validationReportSchema);
  const tests = report.tests.tests.map((one) => (one.verdict === 'skip' ? { ...one, verdict: 'pass' } : one));
  const validation = await store.putJson({
    ...report,
    tests: { ...report.tests, tests, passed: report.tests.passed + 1, skipped: 0 },
  });
  const merged = await store.putJson({ ...merge, result: { ...merge.result, validation } });
  const staged = await assemblePackage(store, { run: small.run, input, merged });
  const judged = await judgedPhase(small, 'deliver', staged, input);
  const checks = new CheckList();
  const { disagrees } = await assembleAgain(judged, checks, room);
  return { byA: await acceptedByA(judged), passed: checks.passed, disagrees };
}

test('verdicts of a validator that declares itself not reproducible are for a person where they differ', async () => {
  expect(await otherwiseValidated('same-test-verdicts')).toEqual({
    byA: true,
    passed: false,
    disagrees: true,
  });
});

test('verdicts of a reproducible validator that differ are rejected', async () => {
  expect(await otherwiseValidated('digest')).toEqual({ byA: true, passed: false, disagrees: false });
});
