import { afterAll, expect, test } from 'vitest';
import { type GenuineRun, genuineRun } from '../support/genuine-package/genuine-run.js';
import { Forger, type Forgery, type Json, type JsonObject } from './forger.js';
import { byKey } from './keys-of.js';
import { type Changes, changesOf, checksOn, missed, Specimen, summary, type Tampering } from './tampering.js';

const minutes = 60_000;

afterAll(() => console.log(`Parts and whole packages that were exchanged, and found:\n${summary().text}`));

test('parts that are taken away are found', { timeout: 5 * minutes }, async () => {
  const specimen = await Specimen.of(await genuineRun({ waived: true }));
  expect(await missed(specimen, downgrades(specimen))).toEqual([]);
});

function* downgrades({ paths, run, files }: Specimen): Iterable<Tampering> {
  const forger = new Forger(files);
  const own = byKey(run);
  const without = (...prefixes: readonly string[]): Changes =>
    changesOf(
      ...paths
        .filter((path) => prefixes.some((prefix) => path.startsWith(prefix)))
        .map((path) => [path, null] as const),
    );
  const parts: readonly (readonly [prefixes: readonly string[], by: readonly string[]])[] = [
    [['seal/', 'histories/'], ['sealed']],
    [['seal/'], ['sealed']],
    [['histories/'], ['seal-files']],
    [['seal/seal.json'], ['sealed']],
    [['seal/verdicts/'], ['verdicts']],
    [['seal/verdicts/', 'evidence/verdicts/'], ['verdicts']],
    [['seal/records/', 'evidence/records/'], ['records']],
    [['seal/attempts/', 'evidence/attempts/'], ['attempts']],
    [['seal/waivers/', 'evidence/waivers/'], ['verdicts']],
    [['seal/keys.json'], ['origin']],
    [['attestations/'], ['complete']],
    [['attestations/', 'evidence/keys.json', 'delivery.json'], ['complete']],
    [['manifest/'], ['manifest']],
    [['manifest/manifest.bin'], ['manifest-binary']],
    [
      ['manifest/', 'attestations/', 'evidence/', 'reports/', 'artifacts/', 'delivery.json'],
      ['manifest', 'complete'],
    ],
    [['evidence/'], ['complete']],
    [['reports/'], ['complete']],
    [['artifacts/'], ['complete']],
    [['delivery.json'], ['receipt']],
  ];
  for (const [prefixes, by] of parts)
    yield { kind: 'a part taken away', says: prefixes.join(', '), changes: without(...prefixes), by };

  for (const phase of ['1-ingest', '4-coordinate', '6-deliver'])
    for (const pass of ['A', 'B', 'C']) {
      const verdict = `verdicts/${phase}-${pass}.json`;
      const gone = [`seal/${verdict}`, `evidence/${verdict}`].filter((path) => files.has(path));
      const unmentioned = (record: Json): Json => {
        const { verdicts, ...rest } = record as JsonObject;
        return { ...rest, verdicts: (verdicts as JsonObject[]).filter((one) => one.pass !== pass) };
      };
      const edits = new Map([[`seal/records/${phase}.json`, unmentioned]]);
      yield {
        kind: 'a verdict taken away with its mention',
        says: verdict,
        changes: () => forger.forge({ edits, without: gone, signer: () => undefined }),
        by: ['records', 'verdicts'],
      };
      yield {
        kind: 'a verdict taken away with its mention, and all of it signed anew',
        says: verdict,
        changes: () => forger.forge({ edits, without: gone, signer: ({ keyid }) => own.get(keyid) }),
        by: ['records', 'verdicts'],
      };
    }
  for (const attestation of paths.filter((path) => path.startsWith('attestations/')))
    yield {
      kind: 'an attestation taken away with its mention, and all of it signed anew',
      says: attestation,
      changes: () => forger.forge({ without: [attestation], signer: ({ keyid }) => own.get(keyid) }),
      by: ['complete', 'receipt'],
    };
}

test('a package that is not yet sealed is not proven, and what is changed in it is found', {
  timeout: minutes,
}, async () => {
  const specimen = await Specimen.of(await genuineRun({ sealed: false }));
  const report = await specimen.check();
  expect(report).toMatchObject({ proven: false, sealed: false });
  expect(report.checks.filter(({ state }) => state === 'failed')).toEqual([]);
  const dropped = specimen.paths.map(
    (path): Tampering => ({
      kind: 'a file of an unsealed package dropped',
      says: path,
      changes: changesOf([path, null]),
    }),
  );
  expect(await missed(specimen, dropped)).toEqual([]);
});

test('a run that failed says so, and what is changed of it is found', { timeout: minutes }, async () => {
  const specimen = await Specimen.of(await genuineRun({ fails: true }));
  const report = await specimen.check();
  expect(report).toMatchObject({ proven: false, sealed: true });
  expect(report.checks.filter(({ state }) => state === 'failed').map(({ check }) => check)).toEqual([
    'delivered',
  ]);
  const forger = new Forger(specimen.files);
  const own = byKey(specimen.run);
  const signer: Forgery['signer'] = ({ keyid }) => own.get(keyid);
  const hidden = (says: string, edits: Forgery['edits'], by: readonly string[]): Tampering => ({
    kind: 'a failure hidden, and all of it signed anew',
    says,
    changes: () => forger.forge({ ...(edits && { edits }), signer }),
    by,
  });
  const completed = (seal: Json): Json => ({ ...(seal as JsonObject), status: 'COMPLETED', failure: null });
  const went = (record: Json): Json => ({ ...(record as JsonObject), failure: null });
  expect(
    await missed(specimen, [
      ...specimen.paths.map((path) => ({
        kind: 'a file of a failed run dropped',
        says: path,
        changes: changesOf([path, null]),
        by: ['sealed'],
      })),
      hidden('by the seal', new Map([['seal/seal.json', completed]]), ['seal-says']),
      hidden('by the record', new Map([['seal/records/3-execute.json', went]]), ['records', 'verdicts']),
    ]),
  ).toEqual([]);
});

test('a genuine package of another run is found where a run or a subject was expected', {
  timeout: minutes,
}, async () => {
  const run = await genuineRun();
  const specimen = await Specimen.of(run);
  const { subject } = run;
  expect(await specimen.check({ expectRun: run.run, expectSubject: subject })).toMatchObject({
    proven: true,
  });
  const none = changesOf();
  expect(
    await missed(specimen, [
      ...['another', 'genuine2', 'Genuine', ''].map((expectRun) => ({
        kind: 'presented as another run',
        says: expectRun,
        changes: none,
        by: ['expected-run'],
        options: { expectRun },
      })),
      ...['another', `${subject}/`, ''].map((expectSubject) => ({
        kind: 'presented as of another subject',
        says: expectSubject,
        changes: none,
        by: ['expected-subject'],
        options: { expectSubject },
      })),
    ]),
  ).toEqual([]);
});

test('parts of another genuine package are found', { timeout: 5 * minutes }, async () => {
  const run = await genuineRun({ waived: true });
  const old = await genuineRun({ run: 'older', waived: true });
  const specimen = await Specimen.of(run, [old]);
  const other = await Specimen.of(old);
  expect((await specimen.check()).proven).toBe(true);
  expect(await missed(specimen, parts(specimen, other, old))).toEqual([]);
});

function* parts(specimen: Specimen, other: Specimen, { run }: GenuineRun): Iterable<Tampering> {
  const taken = (matches: (path: string) => boolean): Changes => {
    const gone = specimen.paths.filter(matches).map((path) => [path, null] as const);
    const come = other.paths.filter(matches).map((path) => [path, other.bytesOf(path)] as const);
    const changes = new Map<string, Buffer | null>([...gone, ...come]);
    for (const [path, bytes] of changes)
      if (bytes && specimen.folder.files.get(path)?.bytes?.equals(bytes)) changes.delete(path);
    return changes;
  };
  const folders: readonly (readonly string[])[] = [
    ['seal/', 'histories/'],
    ['seal/'],
    ['histories/'],
    ['attestations/'],
    ['attestations/', 'evidence/keys.json', 'delivery.json'],
    ['manifest/'],
    ['manifest/', 'attestations/', 'delivery.json'],
    ['evidence/'],
    ['evidence/', 'seal/'],
    ['seal/verdicts/', 'evidence/verdicts/'],
    ['seal/records/', 'evidence/records/'],
    ['reports/'],
    ['artifacts/', 'reports/', 'evidence/', 'manifest/', 'attestations/', 'delivery.json'],
  ];
  for (const prefixes of folders)
    yield {
      kind: `parts of another run`,
      says: `${prefixes.join(', ')} of ${run}`,
      changes: taken((path) => prefixes.some((prefix) => path.startsWith(prefix))),
      by: ['seal-package', 'seal-files', 'attested', 'complete', 'digests', 'manifest-binary'],
    };
  for (const path of specimen.paths) {
    if (!other.folder.files.has(path) || other.bytesOf(path).equals(specimen.bytesOf(path))) continue;
    yield {
      kind: 'a file of another run',
      says: path,
      changes: changesOf([path, other.bytesOf(path)]),
      by: path === 'seal/seal.json' ? ['seal-package', 'seal-files'] : checksOn(path),
    };
  }
}
