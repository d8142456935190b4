import { afterAll, expect, test } from 'vitest';
import { canonicalJson } from '../../libs/artifacts/canonical-json.js';
import { genuineRun } from '../support/genuine-package/genuine-run.js';
import { editsOf } from './edits.js';
import { Forger, type Json, type JsonObject } from './forger.js';
import { byKey } from './keys-of.js';
import { changesOf, checksOn, missed, Specimen, summary, type Tampering } from './tampering.js';

const minutes = 60_000;

afterAll(() => console.log(`Documents that were changed, and found:\n${summary().text}`));

test('entries of a document that are dropped, added, reordered or changed are found, under the signature that it had', {
  timeout: 10 * minutes,
}, async () => {
  const specimen = await Specimen.of(await genuineRun({ waived: true }));
  expect(await missed(specimen, entriesChanged(specimen))).toEqual([]);
});

/** Documents that are signed, and those that others name and nobody signed. */
const signed = /^(seal\/(records|verdicts|waivers)\/|seal\/seal\.json$|attestations\/)/;
const named =
  /^(seal\/(attempts|outputs)\/|seal\/(keys|request)\.json|histories\/|manifest\/manifest\.json|delivery\.json)/;

function* entriesChanged(specimen: Specimen): Iterable<Tampering> {
  const forger = new Forger(specimen.files);
  const own = byKey(specimen.run);
  for (const path of specimen.paths) {
    if (!signed.test(path) && !named.test(path)) continue;
    const document: Json = JSON.parse(specimen.bytesOf(path).toString());
    for (const { kind, at, change } of editsOf(document)) {
      const says = `${path} /${at}`;
      const edits = new Map([[path, change]]);
      // Where it is signed, all others are deceived and sign what was adapted; where it is not, nobody is.
      if (signed.test(path))
        yield {
          kind: `${kind}, and adapted to`,
          says,
          changes: () =>
            forger.forge({
              edits,
              signer: (one) => (isCopyOf(one.path, path) ? undefined : own.get(one.keyid)),
            }),
          by: checksOf(path),
        };
      else
        yield {
          kind: `${kind}, and adapted to without keys`,
          says,
          changes: () => forger.forge({ edits, signer: () => undefined }),
          by: ['sealed', 'seal-signed'],
        };
      yield {
        kind: `${kind}, and nothing else`,
        says,
        changes: changesOf([path, Buffer.from(canonicalJson(change(document)))]),
        by: checksOn(path),
      };
    }
  }
}

/** The evidence is in the package twice. */
const isCopyOf = (other: string, path: string): boolean => other === path || copy(other) === copy(path);

const copy = (path: string): string => path.replace(/^evidence\/(?!keys)/, 'seal/');

function checksOf(path: string): string[] {
  if (path.startsWith('seal/records/')) return ['records', 'seal-says'];
  if (/^seal\/(verdicts|waivers)\//.test(path)) return ['verdicts'];
  if (path === 'seal/seal.json') return ['sealed', 'seal-signed'];
  return [path.replace('attestations/', 'attestation-').replace('.json', '')];
}

test('a document that is written in another way is found, even where everyone signs it so', {
  timeout: 10 * minutes,
}, async () => {
  const specimen = await Specimen.of(await genuineRun({ waived: true }));
  expect(await missed(specimen, writtenOtherwise(specimen))).toEqual([]);
});

/** Other ways to write the same JSON. */
const spellings: Readonly<Record<string, (text: string) => string>> = {
  'with a newline at the end': (text) => `${text}\n`,
  'with a space in front': (text) => ` ${text}`,
  'with a byte order mark': (text) => `\uFEFF${text}`,
  'with indentation': (text) => JSON.stringify(JSON.parse(text), null, 2),
  'with its keys in another order': (text) => {
    const { ...fields } = JSON.parse(text) as JsonObject;
    return JSON.stringify(Object.fromEntries(Object.entries(fields).reverse()));
  },
  'with an escaped letter': (text) => text.replace(/"([a-z])/, (_, letter: string) => `"${escaped(letter)}`),
  'with an escaped slash': (text) => text.replace('/', '\\/'),
  'with a number written otherwise': (text) => text.replace(/:(\d+)([,}])/, ':$1.0$2'),
  'with a key twice': (text) => text.replace(/^\{("[^"]+":)/, '{$1null,$1'),
};

const escaped = (letter: string): string => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`;

function* writtenOtherwise(specimen: Specimen): Iterable<Tampering> {
  const forger = new Forger(specimen.files);
  const own = byKey(specimen.run);
  for (const path of oneOfEach(specimen.paths)) {
    const text = specimen.bytesOf(path).toString();
    for (const [way, spell] of Object.entries(spellings)) {
      const other = spell(text);
      if (other === text) continue;
      const says = `${path} ${way}`;
      yield {
        kind: `written ${way}`,
        says,
        changes: changesOf([path, Buffer.from(other)]),
        by: checksOn(path),
      };
      yield {
        kind: `written ${way}, and signed so`,
        says,
        changes: () =>
          forger.forge({
            signer: ({ keyid }) => own.get(keyid),
            written: (one, document) =>
              isCopyOf(one, path) ? spell(canonicalJson(document)) : canonicalJson(document),
          }),
        by: [...checksOn(path), ...checksOfForm(path)],
      };
    }
  }
}

/** One document of each kind that is signed or framed. */
function oneOfEach(paths: readonly string[]): string[] {
  const framed = paths.filter(
    (path) =>
      path.endsWith('.json') && /^(seal|histories|manifest|attestations|evidence\/keys|delivery)/.test(path),
  );
  return [...new Map(framed.map((path) => [path.replace(/\/[^/]*\d-[^/]*$/, ''), path])).values()];
}

function checksOfForm(path: string): string[] {
  if (path.startsWith('seal/records/')) return ['records', 'seal-says'];
  if (/^seal\/(verdicts|waivers)\//.test(path)) return ['verdicts'];
  if (path.startsWith('seal/attempts/')) return ['attempts'];
  if (path.startsWith('histories/')) return ['histories'];
  if (path.endsWith('/keys.json')) return ['origin', 'keys'];
  return [path.replace('attestations/', 'attestation-').replace('.json', '')];
}

test('an attestation whose envelope or payload is written in another way is found', {
  timeout: 5 * minutes,
}, async () => {
  const specimen = await Specimen.of(await genuineRun());
  expect(await missed(specimen, envelopes(specimen))).toEqual([]);
});

function* envelopes(specimen: Specimen): Iterable<Tampering> {
  for (const path of specimen.paths.filter((one) => one.startsWith('attestations/'))) {
    const envelope = JSON.parse(specimen.bytesOf(path).toString()) as JsonObject & { payload: string };
    const [signature] = envelope.signatures as JsonObject[];
    const statement = Buffer.from(envelope.payload, 'base64').toString();
    const others: Readonly<Record<string, JsonObject>> = {
      'a payload with spaces': { payload: base64(JSON.stringify(JSON.parse(statement), null, 1)) },
      'a payload with a newline': { payload: base64(`${statement}\n`) },
      'a payload in base64 of another alphabet': { payload: `${envelope.payload.slice(0, -4)}_-==` },
      'a payload in base64 with a newline': { payload: `${envelope.payload}\n` },
      'another type of payload': { payloadType: 'application/json' },
      'no signature': { signatures: [] },
      'its signature twice': { signatures: [signature ?? null, signature ?? null] },
      'a signature of nobody more': {
        signatures: [signature ?? null, { keyid: `sha256:${'0'.repeat(64)}`, sig: String(signature?.sig) }],
      },
      'a signature of nobody': { signatures: [{ ...signature, keyid: `sha256:${'0'.repeat(64)}` }] },
      'an empty signature': { signatures: [{ ...signature, sig: '' }] },
    };
    const by = [path.replace('attestations/', 'attestation-').replace('.json', '')];
    const forger = new Forger(specimen.files);
    for (const [way, change] of Object.entries(others)) {
      const bytes = Buffer.from(canonicalJson({ ...envelope, ...change }));
      yield { kind: 'an envelope changed', says: `${path}: ${way}`, changes: changesOf([path, bytes]) };
      const own = byKey(specimen.run);
      yield {
        kind: 'an envelope changed, and adapted to',
        says: `${path}: ${way}`,
        changes: () =>
          forger.forge({ bytes: new Map([[path, bytes]]), signer: ({ keyid }) => own.get(keyid) }),
        by,
      };
    }
  }
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');
