import { describe, expect, test } from 'vitest';
import { stagePackage } from '../../../activities/delivery/stage-package.js';
import type { NamedRefs } from '../../../libs/contracts/phase.js';
import { packageManifestSchema, stagedPackageSchema } from '../../../libs/contracts/phase.js';
import { escapeMarkdown } from '../../../libs/synthesis/escape-markdown.js';
import { inActivity } from '../../support/in-activity.js';
import { failuresOf, judgedPhase } from '../../support/judged-phase.js';
import { recordOf } from '../../support/small-records.js';
import { type SmallRun, smallRun } from '../../support/small-run.js';

async function stage(small: SmallRun, change: Partial<Parameters<ReturnType<typeof stagePackage>>[0]> = {}) {
  const phases = ['ingest', 'assign', 'execute', 'coordinate', 'verify'] as const;
  const records: NamedRefs = Object.fromEntries(
    await Promise.all(
      phases.map(async (phase) => [phase, await small.store.putJson(await recordOf(small, phase))] as const),
    ),
  );
  const { accepted, assignment, executed, synthesis, judged } = small.refs;
  const input = { run: small.run, accepted, assignment, executed, synthesis, judged, records, ...change };
  return await inActivity(() => stagePackage(small)(input));
}

async function staged(small: SmallRun) {
  const { outcome } = await stage(small);
  const output = await small.store.getJson(outcome.digest, stagedPackageSchema);
  const text = async (name: string): Promise<string> => {
    const file = output.files.find((one) => one.name === name);
    if (!file) throw new Error(`There is no ${name}.`);
    return (await small.store.get(file.digest)).toString('utf8');
  };
  return { outcome, output, text };
}

test('the package has the patch, the reports, the records with their verdicts, and a manifest of all of it', async () => {
  const small = await smallRun();
  const { output, text } = await staged(small);
  const names = output.files.map(({ name }) => name);
  expect(names).toEqual([...names].sort());
  expect(names).toEqual(
    expect.arrayContaining([
      'README.md',
      'changes.patch',
      'records/3-execute.json',
      'report.html',
      'reports/items/improve-a.json',
      'reports/verify.json',
      'verdicts/3-execute-A.json',
    ]),
  );
  expect(await text('changes.patch')).toContain('-var a = 1;\n+const a = 1;');
  const manifest = await small.store.getJson(output.manifest.digest, packageManifestSchema);
  expect(manifest.files.map(({ path, sha256 }) => [path, `sha256:${sha256}`])).toEqual(
    output.files.map(({ name, digest }) => [name, digest]),
  );
  expect(manifest).toMatchObject({
    run: 'small',
    template: 'small-review@1.0.0',
    decision: 'PROCEED',
    candidate: 'A',
  });
});

test('the syntheses are there as text, too, and a page says where the work stands', async () => {
  const small = await smallRun();
  const { text } = await staged(small);
  for (const name of ['reports/coordinate.md', 'reports/items/consolidation.md'])
    expect(await text(name)).toContain('## Decisions');
  const page = await text('CONTINUITY.md');
  expect(page).toContain('PROCEED, candidate A');
  for (const warning of small.judgement.warnings) expect(page).toContain(escapeMarkdown(warning));
});

test('staging it twice gives the same bytes', async () => {
  const small = await smallRun();
  expect((await stage(small)).outcome).toEqual((await stage(small)).outcome);
});

test('a blocked run stages nothing', async () => {
  const small = await smallRun();
  const judged = await small.store.putJson({ ...small.judgement, decision: 'BLOCK' });
  await expect(stage(small, { judged })).rejects.toMatchObject({ code: 'Blocked' });
});

test('without an eligible candidate nothing is staged', async () => {
  const small = await smallRun();
  const judged = await small.store.putJson({ ...small.judgement, best: null });
  await expect(stage(small, { judged })).rejects.toMatchObject({ code: 'Blocked' });
});

describe('the page', () => {
  test('shows nothing of the subject as markup', async () => {
    const page = await (await staged(await smallRun())).text('report.html');
    expect(page).not.toMatch(/<script|<img|<b>/i);
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(page).toContain('&lt;script&gt;alert(2)&lt;/script&gt;');
    expect(page).toContain('&lt;img src=x onerror=alert(3)&gt;');
  });

  test('refers to nothing outside and forbids to load anything', async () => {
    const page = await (await staged(await smallRun())).text('report.html');
    expect(page).not.toMatch(/<[^>]*\b(?:src|href|action)\s*=|url\(|@import/i);
    expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
  });

  test('says what was decided, measured, verified and not verified', async () => {
    const page = await (await staged(await smallRun())).text('report.html');
    for (const said of [
      'PROCEED: candidate A (const)',
      'Only 50 % of the functions are covered.',
      'A accepted',
      'B: This version has no such pass for this phase.',
      '3, 1 with unknown end',
      'not yet sealed',
      'Nothing in this package is signed.',
      '<span class="add">+const a = 1;</span>',
      '<span class="del">-var a = 1;</span>',
    ])
      expect(page).toContain(said);
  });
});

describe('pass A of deliver', () => {
  test('accepts the package as it is staged', async () => {
    const small = await smallRun();
    const { output } = await staged(small);
    expect(await failuresOf(await judgedPhase(small, 'deliver', output))).toEqual({});
  });

  test('accepts the package of a candidate that was rejected first and then repaired', async () => {
    const small = await smallRun();
    const [best, other] = small.judgement.standings;
    if (!best || !other) throw new Error('Two candidates were asked for.');
    const rejected = { ...other, candidate: best.candidate, eligible: false, fitness: null };
    const standings = [rejected, ...small.judgement.standings];
    const judged = await small.store.putJson({ ...small.judgement, standings });
    const repaired = { ...small, refs: { ...small.refs, judged } };
    const { output } = await staged(repaired);
    expect(await failuresOf(await judgedPhase(repaired, 'deliver', output))).toEqual({});
  });

  test('rejects a patch that does not give the candidate', async () => {
    const small = await smallRun();
    const { output, text } = await staged(small);
    const patch = (await text('changes.patch')).replace('+const a', '+let a');
    const forged = await replaced(small, output, 'changes.patch', patch);
    const failures = await failuresOf(await judgedPhase(small, 'deliver', forged));
    expect(Object.keys(failures)).toEqual(['patch-makes-candidate']);
    expect(failures['patch-makes-candidate']).toContain('index.js is not as the candidate has it');
  });

  test('rejects a patch that does not fit the subject', async () => {
    const small = await smallRun();
    const { output, text } = await staged(small);
    const patch = (await text('changes.patch')).replace('-var a', '-var b');
    const failures = await failuresOf(
      await judgedPhase(small, 'deliver', await replaced(small, output, 'changes.patch', patch)),
    );
    expect(failures['patch-makes-candidate']).toContain('does not fit the file');
  });

  test('rejects a file that the manifest does not list', async () => {
    const small = await smallRun();
    const { output } = await staged(small);
    const more = { ...(await small.store.put('more', 'text/plain')), name: 'more.txt' };
    const failures = await failuresOf(
      await judgedPhase(small, 'deliver', { ...output, files: [...output.files, more] }),
    );
    expect(failures['manifest-lists-files']).toContain('more.txt is staged, but not listed');
  });

  test('rejects a file with other bytes than the manifest lists', async () => {
    const small = await smallRun();
    const { output } = await staged(small);
    const more = await small.store.put('other', 'text/plain');
    const files = output.files.map((file) => (file.name === 'README.md' ? { ...file, ...more } : file));
    const failures = await failuresOf(await judgedPhase(small, 'deliver', { ...output, files }));
    expect(failures['manifest-lists-files']).toContain('README.md is listed with another size or SHA-256');
  });

  test('rejects a path that leads out of the package', async () => {
    const small = await smallRun();
    const { output } = await staged(small);
    const files = output.files.map((file) =>
      file.name === 'README.md' ? { ...file, name: '../README.md' } : file,
    );
    const failures = await failuresOf(await judgedPhase(small, 'deliver', { ...output, files }));
    expect(failures['manifest-lists-files']).toContain('is not a path of plain names below the package');
  });

  test('rejects another candidate than the one that was judged the best', async () => {
    const small = await smallRun();
    const { output } = await staged(small);
    const failures = await failuresOf(await judgedPhase(small, 'deliver', { ...output, candidate: 'B' }));
    expect(failures['package-of-run']).toContain('The candidate B is staged, not A');
  });
});

/** The staged package with other bytes of one file, listed as they are. */
async function replaced(
  small: SmallRun,
  output: Awaited<ReturnType<typeof staged>>['output'],
  name: string,
  text: string,
) {
  const ref = await small.store.put(text, 'text/plain');
  const manifest = await small.store.getJson(output.manifest.digest, packageManifestSchema);
  const listed = manifest.files.map((file) =>
    file.path === name ? { ...file, size: ref.size, sha256: ref.digest.slice('sha256:'.length) } : file,
  );
  return {
    ...output,
    files: output.files.map((file) => (file.name === name ? { name, ...ref } : file)),
    manifest: await small.store.putJson({ ...manifest, files: listed }),
  };
}
