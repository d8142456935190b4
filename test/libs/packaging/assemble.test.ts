import { isUtf8 } from 'node:buffer';
import { describe, expect, test } from 'vitest';
import { continuedId } from '../../../libs/continuation/continued-work.js';
import { digestOfState } from '../../../libs/continuation/state.js';
import type { DeliveryInput } from '../../../libs/contracts/activities.js';
import { discoverySchema } from '../../../libs/contracts/discovery.js';
import { packageManifestSchema, type StagedPackage } from '../../../libs/contracts/phase.js';
import type { ValidationReport } from '../../../libs/contracts/reports/candidate.js';
import { judgementSchema, synthesisSchema } from '../../../libs/contracts/reports/synthesis.js';
import type { Resumption } from '../../../libs/contracts/resumption.js';
import { assemblePackage } from '../../../libs/packaging/assemble.js';
import { escapeMarkdown } from '../../../libs/synthesis/escape-markdown.js';
import { freshSigner } from '../../support/signers.js';
import {
  changedFiles,
  type SmallDelivery,
  type SmallDeliveryOptions,
  smallDelivery,
  waived,
} from '../../support/small-delivery.js';
import { validation } from '../../support/small-reports.js';
import { smallRun } from '../../support/small-run.js';

const assemble = ({ small, input, merged }: SmallDelivery, change: Partial<DeliveryInput> = {}) =>
  assemblePackage(small.store, { run: small.run, input: { ...input, ...change } as DeliveryInput, merged });

async function assembled(options: SmallDeliveryOptions = {}) {
  const delivery = await smallDelivery(await smallRun(), options);
  return { ...delivery, staged: await assemble(delivery) };
}

async function bytesOf({ small }: SmallDelivery, { files }: StagedPackage, name: string): Promise<Buffer> {
  const file = files.find((one) => one.name === name);
  if (!file) throw new Error(`There is no ${name}.`);
  return await small.store.get(file.digest);
}

const namesOf = ({ files }: StagedPackage): string[] => files.map(({ name }) => name);

describe('the files of a package', () => {
  test('are evidence, artifacts, reports and pages, sorted, and the manifest lists each of them', async () => {
    const { small, staged } = await assembled();
    const names = namesOf(staged);
    expect(names).toEqual([...names].sort());
    expect(names).toEqual(
      expect.arrayContaining([
        'CONTINUITY.md',
        'README.md',
        'artifacts/agents/agent.improve-a.json',
        'artifacts/changes.patch',
        'artifacts/template.json',
        'evidence/attempts/3-execute.json',
        'evidence/records/1-ingest.json',
        'evidence/records/5-verify.json',
        'evidence/verdicts/3-execute-A.json',
        'evidence/verdicts/5-verify-C.json',
        'report.html',
        'reports/coordinate.md',
        'reports/criteria.json',
        'reports/items/consolidation.json',
        'reports/items/consolidation.md',
        'reports/items/improve-a.json',
        'reports/merge-validation.json',
        'reports/merge.json',
        'reports/verify.json',
      ]),
    );
    const manifest = await small.store.getJson(staged.manifest.digest, packageManifestSchema);
    expect(manifest.files.map(({ path, sha256, size }) => [path, `sha256:${sha256}`, size])).toEqual(
      staged.files.map(({ name, digest, size }) => [name, digest, size]),
    );
    expect(manifest).toMatchObject({
      run: 'small',
      template: 'small-review@1.0.0',
      decision: 'PROCEED',
      candidate: 'D',
    });
  });

  test('have every file that is added or changed, whole and at its path, also where it is not text', async () => {
    const one = await assembled();
    const prefix = 'artifacts/files/';
    const files = namesOf(one.staged).filter((name) => name.startsWith(prefix));
    expect(files).toEqual(
      Object.keys(changedFiles)
        .sort()
        .map((path) => `${prefix}${path}`),
    );
    for (const [path, content] of Object.entries(changedFiles))
      expect(await bytesOf(one, one.staged, `${prefix}${path}`)).toEqual(Buffer.from(content));
    expect(isUtf8(await bytesOf(one, one.staged, `${prefix}logo.bin`))).toBe(false);
  });

  test('have what the consolidation made, as it was handed on', async () => {
    const one = await assembled();
    const { store, execution } = one.small;
    const made = execution.results.find(({ item }) => item === 'consolidation');
    if (!made) throw new Error('Nothing was consolidated.');
    const bytes = await bytesOf(one, one.staged, 'reports/items/consolidation.json');
    expect(bytes).toEqual(await store.get(made.outcome.digest));
    expect(synthesisSchema.parse(JSON.parse(bytes.toString())).inputs.map(({ item }) => item)).toEqual([
      'architecture',
      'code',
      'infrastructure',
    ]);
  });

  test('have the patch to what is delivered', async () => {
    const one = await assembled();
    const patch = (await bytesOf(one, one.staged, 'artifacts/changes.patch')).toString();
    expect(patch).toContain('-var a = 1;\n+const a = 1;');
    expect(patch).toContain('+++ b/docs/read me.md');
    expect(patch).toContain('logo.bin');
  });

  test('have the manifests of the agents that worked and no sources of installed packages', async () => {
    const { small, staged } = await assembled();
    const agents = namesOf(staged).filter((name) => name.startsWith('artifacts/agents/'));
    expect(agents).toEqual(small.roster.map(({ id }) => `artifacts/agents/${id}.json`).sort());
    expect(namesOf(staged).filter((name) => name.includes('node_modules'))).toEqual([]);
  });

  test('say in words where the work stands', async () => {
    const change = { files: 1, linesAdded: 1, linesRemoved: 1, largestDeletion: 40 };
    const one = await assembled({ validation: { change } });
    const page = (await bytesOf(one, one.staged, 'CONTINUITY.md')).toString();
    expect(page).toContain('PROCEED, Model D');
    expect(page).toContain(one.workspace.digest);
    const { warnings } = await one.small.store.getJson(one.staged.judgement.digest, judgementSchema);
    expect(warnings).toEqual([expect.stringContaining('40 lines')]);
    for (const warning of warnings) expect(page).toContain(escapeMarkdown(warning));
    const readme = (await bytesOf(one, one.staged, 'README.md')).toString();
    expect(readme).toContain('heptad verify PATH');
    expect(readme).not.toContain('<script>');
  });
});

test('assembled again, every byte is the same', async () => {
  const delivery = await smallDelivery(await smallRun());
  expect(await assemble(delivery)).toEqual(await assemble(delivery));
});

describe('what is delivered', () => {
  test('is Model D, judged again by the same criteria', async () => {
    const { small, staged, workspace } = await assembled();
    expect(staged).toMatchObject({ candidate: 'D', workspace, insteadOfMerge: null });
    const judgement = await small.store.getJson(staged.judgement.digest, judgementSchema);
    expect(judgement).toMatchObject({ decision: 'PROCEED', best: 'D' });
    expect(judgement.criteria.every(({ met }) => met)).toBe(true);
    expect(judgement.standings.map(({ item }) => item)).toEqual(['improve-a', 'improve-b', 'merge']);
  });

  test('is the best candidate where the merge found nothing better, and that is what the merge made', async () => {
    const { staged, workspace } = await assembled({ changed: null });
    expect(staged).toMatchObject({ candidate: 'A', workspace, insteadOfMerge: null });
    expect(namesOf(staged)).not.toContain('reports/merge-validation.json');
  });

  test.each<[string, Partial<ValidationReport>, RegExp]>([
    ['breaks a test', { broken: ['loads'] }, /not eligible: 1 test broken/],
    [
      'is decided lower',
      {
        coverage: { lines: null, functions: null, branches: null },
        change: { files: 1, linesAdded: 1, linesRemoved: 1, largestDeletion: 40 },
        tests: { ...validation([]).tests, skipped: 7 },
        findings: { all: 9, byTool: { oxlint: 9 }, byFile: [] },
      },
      /decision on Model D is (?:CONDITIONAL_PROCEED|BLOCK); on candidate A it is PROCEED/,
    ],
    [
      'is less fit',
      { change: { files: 1, linesAdded: 3, linesRemoved: 3, largestDeletion: 0 } },
      /Model D has the fitness [\d.]+; candidate A has [\d.]+/,
    ],
  ])('is the best candidate where Model D %s, and it is said why', async (_, found, why) => {
    const other = await assembled({ validation: found });
    const { staged, small } = other;
    expect(staged.insteadOfMerge).toMatch(why);
    expect(staged.candidate).toBe('A');
    expect(staged.workspace.digest).toBe(small.judgement.standings[0]?.workspace);
    expect(staged.judgement).toEqual(small.refs.judged);
    const patch = (await bytesOf(other, staged, 'artifacts/changes.patch')).toString();
    expect(patch).not.toContain('read me.md');
    for (const name of ['report.html', 'CONTINUITY.md'])
      expect((await bytesOf(other, staged, name)).toString().replaceAll('\\', '')).toMatch(why);
  });

  test('is nothing where the run was blocked', async () => {
    const delivery = await smallDelivery(await smallRun());
    const { store, judgement } = delivery.small;
    const judged = await store.putJson({ ...judgement, decision: 'BLOCK' });
    await expect(assemble(delivery, { judged })).rejects.toMatchObject({ code: 'Blocked' });
  });

  test('is nothing where no candidate is eligible', async () => {
    const delivery = await smallDelivery(await smallRun());
    const { store, judgement } = delivery.small;
    const judged = await store.putJson({ ...judgement, best: null });
    await expect(assemble(delivery, { judged })).rejects.toMatchObject({ code: 'Blocked' });
  });
});

test('a waiver is among the evidence, and told first', async () => {
  const delivery = await waived(await smallDelivery(await smallRun()), freshSigner('person:ada'));
  const staged = await assemble(delivery);
  expect(namesOf(staged)).toContain('evidence/waivers/5-verify.json');
  const page = (await bytesOf(delivery, staged, 'report.html')).toString();
  expect(page.indexOf('Waived by a person: verify')).toBeGreaterThan(0);
  expect(page.indexOf('Waived by a person: verify')).toBeLessThan(page.indexOf('What this package proves'));
  for (const said of ['person:ada', 'It was looked at by hand.', 'It came out &lt;b&gt;otherwise'])
    expect(page).toContain(said);
});

test('a run that continues another one says which, and what became of each thing that one left', async () => {
  const delivery = await smallDelivery(await smallRun());
  const { store, accepted, assignment, captured } = delivery.small;
  const found = (description: string) =>
    discoverySchema.parse({ description, done: 'It is shown that it is mended.' });
  const state = { workspace: captured.digest, results: [] };
  const resumption: Resumption = {
    ...{ kind: 'resumption', version: 1, how: 'continue', run: 'earlier', origin: 'earlier' },
    ...{ template: accepted.request.template.digest, point: null, item: null, captured: accepted.captured },
    ...{ discoveries: [found('The <b>first</b> leaks memory.'), found('The second leaks memory, too.')] },
    ...{ ...state, state: digestOfState(state) },
  };
  const { digest: resume } = await store.putJson(resumption);
  const items = assignment.graph.items.map((item) =>
    item.id === 'code' ? { ...item, rules: { discovered: { by: continuedId, depth: 1, index: 0 } } } : item,
  );
  const staged = await assemble(delivery, {
    accepted: await store.putJson({ ...accepted, request: { ...accepted.request, resume } }),
    assignment: await store.putJson({ ...assignment, graph: { ...assignment.graph, items } }),
  });
  expect(JSON.parse((await bytesOf(delivery, staged, 'reports/resumption.json')).toString())).toEqual(
    resumption,
  );
  for (const name of ['README.md', 'CONTINUITY.md', 'report.html'])
    expect((await bytesOf(delivery, staged, name)).toString()).toMatch(/the run (<code>)?earlier/i);
  const page = (await bytesOf(delivery, staged, 'report.html')).toString();
  const [, rows = ''] = page.split('What became of it');
  expect(rows.indexOf('The &lt;b&gt;first&lt;/b&gt; leaks')).toBeLessThan(rows.indexOf('done: code'));
  expect(rows.indexOf('The second leaks')).toBeLessThan(rows.indexOf('left again'));
});

test('a run that started anew has nothing of an earlier one in its package', async () => {
  const one = await assembled();
  expect(namesOf(one.staged)).not.toContain('reports/resumption.json');
  expect((await bytesOf(one, one.staged, 'report.html')).toString()).not.toContain('What it goes on from');
});

test('a record that is missing is told', async () => {
  const delivery = await smallDelivery(await smallRun());
  const { 'record-assign': _, ...input } = delivery.input;
  const { small, merged } = delivery;
  await expect(
    assemblePackage(small.store, { run: small.run, input: input as DeliveryInput, merged }),
  ).rejects.toMatchObject({ code: 'InputInvalid', message: expect.stringContaining('record of assign') });
});

test('a workspace that is not the judged one is told', async () => {
  const delivery = await smallDelivery(await smallRun(), {
    validation: { broken: ['loads'] },
  });
  const { store, judgement, captured } = delivery.small;
  const standings = judgement.standings.map((one) => ({ ...one, workspace: captured.digest }));
  const judged = await store.putJson({ ...judgement, standings });
  await expect(assemble(delivery, { judged })).rejects.toMatchObject({
    code: 'InputInvalid',
    message: expect.stringContaining('is not the one that was judged'),
  });
});
