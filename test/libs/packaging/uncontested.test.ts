import { describe, expect, test } from 'vitest';
import { attest } from '../../../activities/delivery/attest.js';
import { planDelivery } from '../../../activities/delivery/plan-delivery.js';
import { stagePackage } from '../../../activities/delivery/stage-package.js';
import {
  attestedFilesSchema,
  packageManifestSchema,
  type StagedPackage,
} from '../../../libs/contracts/phase.js';
import { assemblePackage } from '../../../libs/packaging/assemble.js';
import { inActivity } from '../../support/in-activity.js';
import { type PlainRunOptions, plainDelivery, plainRun } from '../../support/plain-run.js';
import { deliveryRecord, smallDelivery } from '../../support/small-delivery.js';
import { type SmallRun, smallRun } from '../../support/small-run.js';

async function assembled(options: PlainRunOptions = {}) {
  const delivery = await plainDelivery(await plainRun(options));
  const { small, input } = delivery;
  const assemble = () => assemblePackage(small.store, { run: small.run, input, merged: null });
  return { ...delivery, assemble, staged: await assemble() };
}

async function textOf({ store }: SmallRun, { files }: StagedPackage, name: string): Promise<string> {
  const file = files.find((one) => one.name === name);
  if (!file) throw new Error(`There is no ${name}.`);
  return (await store.get(file.digest)).toString('utf8');
}

const namesOf = ({ files }: StagedPackage): string[] => files.map(({ name }) => name);

describe('a package of reports alone', () => {
  test('has every report and all evidence, the captured workspace and an empty patch, and no merge', async () => {
    const { small, staged } = await assembled();
    expect(staged).toMatchObject({
      candidate: 'none',
      workspace: small.captured,
      merge: null,
      validation: null,
      judgement: small.refs.judged,
      insteadOfMerge: null,
    });
    expect(namesOf(staged)).toEqual(
      expect.arrayContaining([
        'artifacts/agents/agent.notes.json',
        'evidence/records/5-verify.json',
        'evidence/verdicts/5-verify-C.json',
        'reports/items/links.json',
        'reports/items/notes.json',
        'reports/items/consolidation.md',
        'reports/criteria.json',
      ]),
    );
    expect(namesOf(staged).filter((name) => /merge|artifacts\/files|package-lock/.test(name))).toEqual([]);
    expect(await textOf(small, staged, 'artifacts/changes.patch')).toBe('');
    expect(await small.store.getJson(staged.manifest.digest, packageManifestSchema)).toMatchObject({
      candidate: 'none',
      decision: 'PROCEED',
    });
  });

  test('has a page that shows the reports and no empty section', async () => {
    const { small, staged } = await assembled();
    const page = await textOf(small, staged, 'report.html');
    const sections = [...page.matchAll(/<section id="(?<id>[a-z]+)"/g)].map(({ groups }) => groups?.id);
    expect(sections).toEqual([
      'proof',
      'asked',
      'criteria',
      'phases',
      'reports',
      'risks',
      'verdicts',
      'agents',
      'changes',
    ]);
    expect(page).toContain('Delivered: <b>reports alone</b>.');
    expect(page).toContain('verdict: good &lt;b&gt;and&lt;/b&gt; short; findings: 1 in a list');
    expect(page).toContain('Not needed, and so not done: extra.');
    expect(page).toContain('Nothing is changed: what is delivered are the reports.');
    expect(page).not.toMatch(/null|undefined|Model D/);
    const readme = await textOf(small, staged, 'README.md');
    expect(readme).not.toMatch(/test-result|merge\.json/);
    const continuity = await textOf(small, staged, 'CONTINUITY.md');
    expect(continuity).toContain('Nothing is changed: what is delivered are the reports.');
    expect(continuity).not.toContain('extra');
  });
});

describe('a package of a changed workspace for which nothing competed', () => {
  test('has what the last item handed back, its files and its patch', async () => {
    const { small, staged } = await assembled({ shape: 'chain' });
    const polished = small.execution.results.find(({ item }) => item === 'polish')?.workspace;
    expect(staged).toMatchObject({ candidate: 'result', workspace: polished, merge: null, validation: null });
    expect(await textOf(small, staged, 'artifacts/files/REPORT.md')).toBe('A report.\n');
    expect(await textOf(small, staged, 'artifacts/changes.patch')).toContain('+A report.');
    const page = await textOf(small, staged, 'report.html');
    expect(page).toContain('Delivered: <b>the result of polish</b>.');
    expect(page).toContain('What polish handed back was not tested.');
  });

  test('is refused where verify blocked it for its two ends', async () => {
    const small = await plainRun({ shape: 'chain', apart: ['polish'] });
    const { input } = await plainDelivery(small);
    const assembling = assemblePackage(small.store, { run: small.run, input, merged: null });
    await expect(assembling).rejects.toMatchObject({ code: 'Blocked' });
  });
});

test.each(['reports', 'chain'] as const)(
  'a package of %s is the same each time it is assembled',
  async (shape) => {
    const { assemble, staged } = await assembled({ shape });
    expect(await assemble()).toEqual(staged);
  },
);

test('candidates that were not merged are not delivered, and neither is a merge of nothing', async () => {
  const contested = await smallDelivery(await smallRun());
  const unmerged = { run: contested.small.run, input: contested.input, merged: null };
  await expect(assemblePackage(contested.small.store, unmerged)).rejects.toMatchObject({
    code: 'InputInvalid',
    message: 'There are candidates, and they were not merged.',
  });
  const { small, input } = await plainDelivery(await plainRun());
  const merged = await small.store.putJson(contested.merge);
  await expect(assemblePackage(small.store, { run: small.run, input, merged })).rejects.toMatchObject({
    code: 'InputInvalid',
    message: 'There is a merge, and nothing competed.',
  });
});

test('candidates are merged only where verify found one that is eligible', async () => {
  const [contested, plain] = [await smallRun(), await plainRun()];
  expect(await planDelivery(contested)({ judged: contested.refs.judged })).toEqual({ merges: true });
  expect(await planDelivery(plain)({ judged: plain.refs.judged })).toEqual({ merges: false });
});

test('nothing is attested of tests that were not run, and no merge is among what it was made from', async () => {
  const delivery = await plainDelivery(await plainRun());
  const { small, input } = delivery;
  const { store, run, signers, trust } = small;
  const { outcome: staged, summary } = await inActivity(() =>
    stagePackage({ store })({ run, input, merged: null }),
  );
  expect(summary).toMatch(/^Reports alone, \d+ files$/);
  const record = await deliveryRecord(delivery, staged);
  const { attestations } = await inActivity(() =>
    attest({ store, release: signers.release, trust: async () => trust })({ run, staged, record }),
  );
  const files = await store.getJson(attestations.digest, attestedFilesSchema);
  expect(files.map(({ name }) => name)).toEqual([
    'attestations/provenance.json',
    'attestations/verification-summary.json',
    'evidence/keys.json',
  ]);
  const [provenance] = files;
  const envelope = JSON.parse((await store.get(provenance?.digest ?? staged.digest)).toString('utf8'));
  const { predicate } = JSON.parse(Buffer.from(envelope.payload, 'base64').toString('utf8'));
  expect(predicate.buildDefinition.internalParameters).toEqual({
    tests: null,
    budgets: expect.anything(),
  });
});
