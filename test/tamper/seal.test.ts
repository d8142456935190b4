import { afterAll, expect, test } from 'vitest';
import { genuineRun } from '../support/genuine-package/genuine-run.js';
import { Forger, type Forgery, type Json, type JsonObject } from './forger.js';
import { byKey } from './keys-of.js';
import { changesOf, missed, Specimen, summary, type Tampering } from './tampering.js';

const minutes = 60_000;

afterAll(() => console.log(`Seals and histories that were changed, and found:\n${summary().text}`));

test('a history that is cut or changed is found, whoever signs the seal', {
  timeout: 5 * minutes,
}, async () => {
  const specimen = await Specimen.of(await genuineRun());
  expect(await missed(specimen, histories(specimen))).toEqual([]);
});

type Events = JsonObject[];

const historyEdits: Readonly<Record<string, (events: Events) => Events>> = {
  'its last event gone': (events) => events.slice(0, -1),
  'its last five events gone': (events) => events.slice(0, -5),
  'only its first event': (events) => events.slice(0, 1),
  'its first event gone': (events) => events.slice(1),
  'an event in the middle gone': (events) => events.filter((_, index) => index !== 5),
  'two events swapped': (events) => [
    ...events.slice(0, 4),
    ...events.slice(4, 6).reverse(),
    ...events.slice(6),
  ],
  'an event repeated': (events) => [...events.slice(0, 5), ...events.slice(4)],
  'no event': () => [],
  'its last event gone and the others numbered anew': (events) => numbered(events.slice(0, -1)),
};

const numbered = (events: Events): Events =>
  events.map((event, index) => ({ ...event, eventId: String(index + 1) }));

function* histories(specimen: Specimen): Iterable<Tampering> {
  const forger = new Forger(specimen.files);
  const own = byKey(specimen.run);
  for (const path of specimen.paths.filter((one) => one.startsWith('histories/'))) {
    const bytes = specimen.bytesOf(path);
    for (const share of [0.25, 0.5, 0.9])
      yield {
        kind: 'a history cut off',
        says: `${path} to ${share}`,
        changes: changesOf([path, bytes.subarray(0, Math.floor(bytes.length * share))]),
      };
    for (const [kind, edit] of Object.entries(historyEdits)) {
      const edits = new Map([
        [path, (history: Json): Json => ({ events: edit((history as { events: Events }).events) })],
      ]);
      yield {
        kind: `a history with ${kind}, and the seal adapted`,
        says: path,
        changes: () => forger.forge({ edits, signer: () => undefined }),
        by: ['seal-signed'],
      };
      yield {
        kind: `a history with ${kind}, and the seal signed anew`,
        says: path,
        changes: () => forger.forge({ edits, signer: ({ keyid }) => own.get(keyid) }),
        by: ['histories', 'closed', 'seal-says'],
      };
    }
    yield {
      kind: 'a history left out, and the seal signed anew',
      says: path,
      changes: () =>
        forger.forge({
          edits: new Map([['seal/seal.json', (seal: Json): Json => withoutHistory(specimen, path, seal)]]),
          without: [path],
          signer: ({ keyid }) => own.get(keyid),
        }),
      by: ['histories', 'closed'],
    };
  }
}

function withoutHistory(specimen: Specimen, path: string, seal: Json): Json {
  const { sha256 } = specimen.folder.files.get(path) ?? {};
  const { histories: listed, ...rest } = seal as JsonObject;
  const left = (listed as JsonObject[]).filter(
    ({ history }) => (history as JsonObject).digest !== `sha256:${sha256}`,
  );
  return { ...rest, histories: left };
}

test('workflow code that is not the recorded one is found', async () => {
  const specimen = await Specimen.of(await genuineRun());
  const forger = new Forger(specimen.files);
  const { signers } = specimen.run;
  const path = 'seal/bundle.js';
  const bytes = new Map([[path, Buffer.from("'use strict';\nexports.run = () => undefined;\n")]]);
  const adapted = (signer: Forgery['signer']) => () => forger.forge({ bytes, signer });
  const kind = 'the workflow code replaced';
  expect(
    await missed(specimen, [
      { kind, says: 'alone', changes: bytes },
      {
        kind: `${kind}, and adapted to`,
        says: 'without a key',
        changes: adapted(() => undefined),
        by: ['seal-signed'],
      },
      {
        kind: `${kind}, and adapted to`,
        says: 'with the key of the producer',
        changes: adapted(() => signers.producer),
        by: ['seal-signed'],
      },
    ]),
  ).toEqual([]);
});

test('what a seal says beside what the evidence says is found, even where the release key signs it', async () => {
  const specimen = await Specimen.of(await genuineRun());
  const forger = new Forger(specimen.files);
  const own = byKey(specimen.run);
  const path = 'seal/seal.json';
  const seal = JSON.parse(specimen.bytesOf(path).toString()) as JsonObject;
  const other = `sha256:${'a'.repeat(64)}`;
  const sayings: JsonObject = {
    tenant: 'another',
    status: 'FAILED',
    failure: { code: 'Unexpected', message: 'It failed.' },
    startedAt: '2020-01-01T00:00:00.000Z',
    closedAt: '2099-01-01T00:00:00.000Z',
    template: 'another@1.0.0',
    subject: 'another',
    request: other,
    decision: 'BLOCK',
    histories: (seal.histories as Json[]).slice(0, -1),
    records: {},
    head: other,
    packageManifest: null,
    packagePath: '/elsewhere',
    receipt: other,
    templateDigest: other,
    manifests: [],
    files: (seal.files as Json[]).slice(1),
    bundle: { digest: other, size: 1, mediaType: 'text/javascript' },
    run: 'another',
  };
  const said = Object.entries(sayings).map(
    ([field, value]): Tampering => ({
      kind: 'a seal that says something else',
      says: field,
      changes: () =>
        forger.forge({
          edits: new Map([[path, (before: Json): Json => ({ ...(before as JsonObject), [field]: value })]]),
          signer: ({ keyid }) => own.get(keyid),
        }),
      by: ['seal-says', 'seal-files', 'seal-package', 'histories', 'closed'],
    }),
  );
  expect(await missed(specimen, said)).toEqual([]);
});
