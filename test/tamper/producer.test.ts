import { afterAll, expect, test } from 'vitest';
import { passes } from '../../libs/contracts/evidence.js';
import { payloadType } from '../../libs/protocol/payload-types.js';
import { phaseNames, phaseNumber } from '../../libs/protocol/phases.js';
import { genuineRun } from '../support/genuine-package/genuine-run.js';
import { altered } from './edits.js';
import { Forger, type Forgery, type Json, type JsonObject } from './forger.js';
import { byKey } from './keys-of.js';
import { type Changes, missed, Specimen, summary, type Tampering } from './tampering.js';

const minutes = 60_000;

afterAll(() => console.log(`Lies of a producer, and found:\n${summary().text}`));

/**
 * A lying producer holds the keys of the process `control`, and here those of the agents, too: it adapts all that
 * names what it changed, and signs it again. What verifiers and people signed it cannot sign.
 */
class LyingProducer {
  readonly #forger: Forger;
  readonly #held;

  constructor(readonly specimen: Specimen) {
    this.#forger = new Forger(specimen.files);
    this.#held = byKey(specimen.run, ['producer', 'release', 'agents']);
  }

  lies(
    kind: string,
    says: string,
    forgery: Omit<Forgery, 'signer'> & Partial<Forgery>,
    by: readonly string[] = ['verdicts'],
  ): Tampering {
    return { kind, says, changes: () => this.forge(forgery), by };
  }

  async forge(forgery: Omit<Forgery, 'signer'> & Partial<Forgery>): Promise<Changes> {
    return await this.#forger.forge({ signer: ({ keyid }) => this.#held.get(keyid), ...forgery });
  }

  document(path: string): JsonObject {
    return JSON.parse(this.specimen.bytesOf(path).toString());
  }
}

async function liar(): Promise<LyingProducer> {
  const producer = new LyingProducer(await Specimen.of(await genuineRun({ waived: true })));
  // The keys alone, and a forger who changes nothing, are not what is found.
  expect((await producer.specimen.check()).proven).toBe(true);
  expect(await producer.forge({})).toEqual(new Map());
  return producer;
}

test('a file that is changed after it was judged is found', { timeout: 5 * minutes }, async () => {
  const producer = await liar();
  const { specimen } = producer;
  const manifest = producer.document('manifest/manifest.json');
  const listed = (manifest.files as JsonObject[]).map(({ path }) => String(path));
  const told: Tampering[] = [];
  for (const path of [
    ...listed,
    'reports/deliver.json',
    'manifest/manifest.json',
    'manifest/manifest.capnp',
  ]) {
    const isDocument = path.endsWith('.json') && !path.startsWith('artifacts/files/');
    const forgery = isDocument
      ? { edits: new Map([[path, altered]]) }
      : { bytes: new Map([[path, Buffer.concat([specimen.bytesOf(path), Buffer.from('\n// more\n')])]]) };
    told.push(producer.lies('a judged file changed', path, forgery));
  }
  expect(await missed(specimen, told)).toEqual([]);
});

test('a pass that is left out is found, in every phase', { timeout: 5 * minutes }, async () => {
  const producer = await liar();
  const told: Tampering[] = [];
  for (const phase of phaseNames)
    for (const pass of passes) {
      const name = `${phaseNumber(phase)}-${phase}`;
      const leaveOut = (record: Json): Json => {
        const { verdicts, notRun, ...rest } = record as JsonObject;
        return {
          ...rest,
          verdicts: (verdicts as JsonObject[]).filter((one) => one.pass !== pass),
          notRun: [...(notRun as Json[]), { pass, reason: 'It was left out.' }],
        };
      };
      const without = [`seal/verdicts/${name}-${pass}.json`, `evidence/verdicts/${name}-${pass}.json`].filter(
        (path) => producer.specimen.folder.files.has(path),
      );
      const edits = new Map([[`seal/records/${name}.json`, leaveOut]]);
      told.push(producer.lies('a pass left out', `${name}-${pass}`, { edits, without }));
      told.push(
        producer.lies(
          'a pass left out, and said nothing',
          `${name}-${pass}`,
          {
            edits: new Map([
              [
                `seal/records/${name}.json`,
                (record: Json): Json => ({ ...(leaveOut(record) as JsonObject), notRun: [] }),
              ],
            ]),
            without,
          },
          ['verdicts'],
        ),
      );
    }
  expect(await missed(producer.specimen, told)).toEqual([]);
});

test('a verdict of something else is found in its place', { timeout: 5 * minutes }, async () => {
  const producer = await liar();
  const verdicts = producer.specimen.paths.filter((path) => path.startsWith('seal/verdicts/'));
  const told: Tampering[] = [];
  for (const [index, path] of verdicts.entries())
    for (const other of [verdicts[index + 1], verdicts[index + 3]]) {
      if (other === undefined) continue;
      const bytes = new Map([[path, producer.specimen.bytesOf(other)]]);
      told.push(producer.lies('a verdict of something else', `${other} as ${path}`, { bytes }));
    }
  expect(await missed(producer.specimen, told)).toEqual([]);
});

const rejected = 'seal/verdicts/4-coordinate-B.json';
const record = 'seal/records/4-coordinate.json';
const waiver = 'seal/waivers/4-coordinate.json';

const passedAll = (document: Json): Json => {
  const { verdicts, ...rest } = document as JsonObject;
  const all = (verdicts as JsonObject[]).map((one) => ({ ...one, passed: true }));
  return { ...rest, waiver: null, verdicts: all };
};

const passing = (document: Json): Json => {
  const { checks, ...rest } = document as JsonObject;
  return { ...rest, passed: true, checks: (checks as JsonObject[]).map((one) => ({ ...one, ok: true })) };
};

test('a rejection that is hidden is found, however it is hidden', async () => {
  const producer = await liar();
  const { signers } = producer.specimen.run;
  const without = [waiver, 'evidence/waivers/4-coordinate.json'];
  const hides = (says: string, forgery: Parameters<LyingProducer['lies']>[2]) =>
    producer.lies('a rejection hidden', says, forgery);
  const held = byKey(producer.specimen.run, ['producer', 'release', 'agents']);
  const told = [
    hides('the waiver is not told of', {
      edits: new Map([[record, (one: Json): Json => ({ ...(one as JsonObject), waiver: null })]]),
      without,
    }),
    hides('the record says that it passed', { edits: new Map([[record, passedAll]]), without }),
    hides('the verdict says that it passed', {
      edits: new Map([
        [record, passedAll],
        [rejected, passing],
      ]),
      without,
    }),
    hides('the producer signs that it passed', {
      edits: new Map([
        [record, passedAll],
        [rejected, passing],
      ]),
      without,
      signer: ({ keyid, type, body }) =>
        type === payloadType.verdict && body.phase === 'coordinate' && body.pass === 'B'
          ? signers.producer
          : held.get(keyid),
    }),
    hides('the waiver is of something else', {
      edits: new Map([[waiver, (one: Json): Json => ({ ...(one as JsonObject), phase: 'verify' })]]),
    }),
    hides('the producer waives it', {
      edits: new Map([[waiver, (one: Json): Json => ({ ...(one as JsonObject), by: 'producer' })]]),
      signer: ({ keyid, type }) => (type === payloadType.waiver ? signers.producer : held.get(keyid)),
    }),
    hides('the producer waives it in the name of the person', {
      edits: new Map([[waiver, altered]]),
      signer: ({ keyid, type }) => (type === payloadType.waiver ? signers.producer : held.get(keyid)),
    }),
  ];
  expect(await missed(producer.specimen, told)).toEqual([]);
});

test('a receipt or a record that says something else than the seal is found', {
  timeout: minutes,
}, async () => {
  const producer = await liar();
  const other = `sha256:${'b'.repeat(64)}`;
  const receipt: JsonObject = {
    run: 'another',
    record: other,
    staged: other,
    manifest: other,
    files: 1,
    attestations: [],
  };
  const told = Object.entries(receipt).map(([field, value]) =>
    producer.lies(
      'a receipt that says something else',
      field,
      {
        edits: new Map([
          ['delivery.json', (one: Json): Json => ({ ...(one as JsonObject), [field]: value })],
        ]),
      },
      ['receipt', 'seal-package'],
    ),
  );
  expect(await missed(producer.specimen, told)).toEqual([]);
});

test('a last record that says more than its verdicts is found', { timeout: minutes }, async () => {
  const producer = await liar();
  const digest = `sha256:${'b'.repeat(64)}`;
  const said: JsonObject = {
    faults: [{ kind: 'another digest', pass: 'A', seeded: 900, caught: 900 }],
    agents: [{ item: 'code', agent: 'agent.code', manifest: digest, outcome: digest }],
    tenant: 'another',
    round: 2,
    output: digest,
    input: { executed: digest },
  };
  const told = Object.entries(said).map(([field, value]) =>
    producer.lies(
      'a last record that says something else',
      field,
      {
        edits: new Map([
          ['seal/records/7-conclude.json', (one: Json): Json => ({ ...(one as JsonObject), [field]: value })],
        ]),
      },
      ['records', 'verdicts', 'seal-says', 'records-say'],
    ),
  );
  expect(await missed(producer.specimen, told)).toEqual([]);
});

test('a manifest with another fs-verity digest is found, whoever signs it', async () => {
  const producer = await liar();
  const everyone = byKey(producer.specimen.run);
  const [first] = producer.document('manifest/manifest.json').files as JsonObject[];
  const words = new Map([[String(first?.fsverity), 'c'.repeat(64)]]);
  const signer: Forgery['signer'] = ({ keyid }) => everyone.get(keyid);
  const told = producer.lies('a wrong fs-verity digest', String(first?.path), { words, signer }, ['digests']);
  expect(await missed(producer.specimen, [told])).toEqual([]);
});

/** What each phase works on, and the phase that made it. */
const handedOn = [
  ['assign', 'accepted', 'ingest'],
  ['execute', 'accepted', 'ingest'],
  ['execute', 'assignment', 'assign'],
  ['coordinate', 'executed', 'execute'],
  ['verify', 'executed', 'execute'],
  ['verify', 'synthesis', 'coordinate'],
  ['deliver', 'accepted', 'ingest'],
  ['deliver', 'assignment', 'assign'],
  ['deliver', 'judged', 'verify'],
] as const;

test('a phase that worked on something else than the one before made is found, whoever passed it', {
  timeout: 5 * minutes,
}, async () => {
  const producer = await liar();
  const everyone = byKey(producer.specimen.run);
  const told = handedOn.map(([phase, name, from]) => {
    const other = { digest: producer.document('seal/seal.json').request as string };
    const rest = producer.specimen.paths.filter((path) =>
      path.startsWith(`seal/verdicts/${phaseNumber(phase)}-`),
    );
    const given = (document: Json): Json => {
      const { input, ...fields } = document as JsonObject;
      return { ...fields, input: { ...(input as JsonObject), [name]: other.digest } };
    };
    const edits = new Map(
      [`seal/records/${phaseNumber(phase)}-${phase}.json`, ...rest].map((path) => [path, given]),
    );
    return producer.lies(
      'a phase that worked on something else',
      `${phase} on another ${name} than ${from} made`,
      { edits, signer: ({ keyid }) => everyone.get(keyid) },
      ['records', 'seal-says', 'verdicts', 'records-say', 'handover'],
    );
  });
  expect(await missed(producer.specimen, told)).toEqual([]);
});
