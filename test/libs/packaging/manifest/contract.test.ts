import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Message } from 'capnp-es';
import { beforeAll, describe, expect, it } from 'vitest';
import { decodeManifest } from '../../../../libs/packaging/manifest/decode-manifest.js';
import {
  describeSchema,
  type SchemaDescription,
} from '../../../../libs/packaging/manifest/describe-schema.js';
import { encodeManifest } from '../../../../libs/packaging/manifest/encode-manifest.js';
import * as now from '../../../../libs/packaging/manifest/generated/manifest.js';
import { manifestSchemaText } from '../../../../libs/packaging/manifest/make-manifest.js';
import { schemaProblems } from '../../../../libs/packaging/manifest/schema-problems.js';
import { temporaryFolder } from '../../../support/temporary-folder.js';
import { capnp, compile, compiler, current, previous, schemas } from './compiler.js';
import * as before from './generated/manifest-v1.js';
import { manifestOf } from './manifest-of.js';

const manifest = manifestOf({
  subject: 'Ein Gegenstand, größer',
  files: [{ path: 'README.md', size: 2 ** 40 + 7 }, { path: 'artifacts/files/a b/ä.ts' }],
});

const hex = (data: { toUint8Array(): Uint8Array }): string =>
  Buffer.from(data.toUint8Array()).toString('hex');

/** The manifest as a program with the previous schema writes it. */
function writtenBefore(): Buffer {
  const { files, ...said } = manifest;
  const message = new Message();
  const root = message.initRoot(before.PackageManifest);
  Object.assign(root, said);
  const list = root._initFiles(files.length);
  for (const [index, { path, size, sha256 }] of files.entries()) {
    const file = list.get(index);
    Object.assign(file, { path, size: BigInt(size) });
    file._initSha256(32).copyBuffer(Buffer.from(sha256, 'hex'));
  }
  return Buffer.from(message.toArrayBuffer());
}

const rootOf = { version: 1, run: '', template: '', subject: '', decision: '', candidate: '' };
type Said = typeof rootOf;
const saidOf = ({ version, run, template, subject, decision, candidate }: Said): Said => ({
  version,
  run,
  template,
  subject,
  decision,
  candidate,
});

describe('contract: a manifest of the previous version of the schema', () => {
  it('is read by this one, and has an empty digest for fs-verity', () => {
    const root = new Message(writtenBefore(), false).getRoot(now.PackageManifest);
    expect(saidOf(root)).toEqual(saidOf(manifest));
    expect(
      root.files.map(({ path, size, sha256, fsverity }) => [path, size, hex(sha256), hex(fsverity)]),
    ).toEqual(manifest.files.map(({ path, size, sha256 }) => [path, BigInt(size), sha256, '']));
  });

  it('is refused as the manifest of a package, in which no digest may be missing', () => {
    expect(() => decodeManifest(writtenBefore())).toThrowError(
      expect.objectContaining({ code: 'InputInvalid' }),
    );
  });
});

describe('contract: a manifest of this version of the schema', () => {
  it('is read by the previous one, which does not see what is new', () => {
    const root = new Message(encodeManifest(manifest), false).getRoot(before.PackageManifest);
    expect(saidOf(root)).toEqual(saidOf(manifest));
    expect(root.files.map(({ path, size, sha256 }) => [path, size, hex(sha256)])).toEqual(
      manifest.files.map(({ path, size, sha256 }) => [path, BigInt(size), sha256]),
    );
  });
});

describe.skipIf(compiler === undefined)('contract: Cap’n Proto’s own program', () => {
  const json = (value: typeof manifest, withFsverity: boolean) => ({
    ...value,
    files: value.files.map(({ sha256, fsverity, size, ...file }) => ({
      ...file,
      size: String(size),
      sha256: [...Buffer.from(sha256, 'hex')],
      ...(withFsverity && { fsverity: [...Buffer.from(fsverity, 'hex')] }),
    })),
  });
  const convert = (from: string, to: string, schema: string, input: string | Uint8Array): Promise<Buffer> =>
    capnp(['convert', `${from}:${to}`, schema, 'PackageManifest'], { input });
  const readBy = async (schema: string, bytes: Uint8Array): Promise<unknown> =>
    JSON.parse((await convert('binary', 'json', schema, bytes)).toString());

  it('reads what we write, with this schema and with the previous one', async () => {
    const bytes = encodeManifest(manifest);
    expect(await readBy(current, bytes)).toEqual(json(manifest, true));
    expect(await readBy(previous, bytes)).toEqual(json(manifest, false));
  });

  it('writes what we read, and with the previous schema what this one reads', async () => {
    const written = await convert('json', 'binary', current, JSON.stringify(json(manifest, true)));
    const root = new Message(written, false).getRoot(now.PackageManifest);
    expect(saidOf(root)).toEqual(saidOf(manifest));
    expect(root.files.map(({ fsverity }) => hex(fsverity))).toEqual(
      manifest.files.map(({ fsverity }) => fsverity),
    );
    const old = await convert('json', 'binary', previous, JSON.stringify(json(manifest, false)));
    expect(await readBy(current, old)).toEqual(json(manifest, false));
    const files = new Message(old, false).getRoot(now.PackageManifest).files;
    expect(files.map(({ path, fsverity }) => [path, hex(fsverity)])).toEqual(
      manifest.files.map(({ path }) => [path, '']),
    );
  });

  it('has the same canonical form', async () => {
    const bytes = encodeManifest(manifest);
    expect(await convert('binary', 'canonical', current, bytes)).toEqual(bytes.subarray(8));
  });

  const schema = async (change: (text: string) => string): Promise<SchemaDescription> => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'changed.capnp'), change(await manifestSchemaText()));
    return describeSchema(await compile('changed.capnp', folder));
  };

  it.each<[string, (text: string) => string, string[]]>([
    ['nothing', (text) => text, []],
    ['a field that is added', (text) => text.replace('struct File {', '$& mode @4 :UInt16;'), []],
    [
      'the id of the file',
      (text) => text.replace('@0xa06050730614be48', '@0xa06050730614be49'),
      [
        'The id of the file was a06050730614be48 and is a06050730614be49.',
        expect.stringMatching(/^The id of PackageManifest was a822769ac29d2fd2 and is [0-9a-f]{16}\.$/),
        expect.stringMatching(/^The type of PackageManifest\.files was List\(a1c52859d1650499\) and is /),
        expect.stringMatching(/^The id of PackageManifest\.File was a1c52859d1650499 and is /),
      ],
    ],
    [
      'a field that is removed',
      (text) => text.replace('fsverity @3 :Data;', ''),
      ['The field PackageManifest.File.fsverity is gone.'],
    ],
    [
      'two fields that change their numbers',
      (text) => text.replace('sha256 @2', 'sha256 @3').replace('fsverity @3', 'fsverity @2'),
      [
        'The number of PackageManifest.File.sha256 was @2 and is @3.',
        'The offset of PackageManifest.File.sha256 was 1 and is 2.',
        'The number of PackageManifest.File.fsverity was @3 and is @2.',
        'The offset of PackageManifest.File.fsverity was 2 and is 1.',
      ],
    ],
    [
      'a field of another type',
      (text) => text.replace('candidate @5 :Text', 'candidate @5 :Data'),
      ['The type of PackageManifest.candidate was Text and is Data.'],
    ],
    [
      'a number that is smaller',
      (text) => text.replace('size @1 :UInt64', 'size @1 :UInt32'),
      ['The type of PackageManifest.File.size was UInt64 and is UInt32.'],
    ],
    [
      'a field in the place of one that is removed',
      (text) => text.replace('decision @4 :Text', 'verdict @4 :Text'),
      [
        'The field PackageManifest.decision is gone.',
        'The new field PackageManifest.verdict has the number @4 of another.',
      ],
    ],
    [
      'a struct that has another name',
      (text) => text.replace('List(File)', 'List(Entry)').replace('struct File', 'struct Entry'),
      [
        expect.stringMatching(/^The type of PackageManifest\.files was List\(a1c52859d1650499\) and is /),
        'The struct PackageManifest.File is gone.',
      ],
    ],
  ])('compiles a schema with %s, and the breaks are found', async (_, change, problems) => {
    expect(schemaProblems(await schema((text) => text), await schema(change))).toEqual(problems);
  });

  it.each([
    [
      'a union',
      (text: string) => text.replace('version @0 :UInt32;', 'union { version @0 :UInt32; no @7 :Void; }'),
    ],
    ['a default', (text: string) => text.replace('version @0 :UInt32;', 'version @0 :UInt32 = 1;')],
    ['an enum', (text: string) => text.replace('struct File {', 'enum Kind { a @0; } $&')],
    ['any pointer', (text: string) => text.replace('run @1 :Text', 'run @1 :AnyPointer')],
  ])('compiles a schema with %s, which is not described by halves', async (_, change) => {
    await expect(schema(change)).rejects.toMatchObject({ code: 'InputInvalid' });
  });
});

describe('contract: this version of the schema and the previous one', () => {
  const read = async (schema: string): Promise<SchemaDescription> =>
    JSON.parse(await readFile(join(schemas, schema.replace(/capnp$/, 'json')), 'utf8'));
  let versions: { readonly previous: SchemaDescription; readonly current: SchemaDescription };
  beforeAll(async () => {
    versions = { previous: await read(previous), current: await read(current) };
  });

  it('understand each other', () => {
    expect(schemaProblems(versions.previous, versions.current)).toEqual([]);
    // Only one way is it that nothing is gone.
    expect(schemaProblems(versions.current, versions.previous)).toEqual([
      'The field PackageManifest.File.fsverity is gone.',
    ]);
  });

  it('have the ids that the generated code has', () => {
    const ids = (file: bigint, ...structs: { readonly _capnp: { readonly id: string } }[]) => ({
      file: file.toString(16),
      structs: structs.map(({ _capnp }) => _capnp.id),
    });
    const described = ({ file, structs }: SchemaDescription) => ({
      file,
      structs: structs.map(({ id }) => id),
    });
    expect(described(versions.current)).toEqual(
      ids(now._capnpFileId, now.PackageManifest, now.PackageManifest_File),
    );
    expect(described(versions.previous)).toEqual(
      ids(before._capnpFileId, before.PackageManifest, before.PackageManifest_File),
    );
  });
});
