import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { inspect } from 'node:util';
import { generateIdentity, identityToRecipient } from 'age-encryption';
import { build } from 'esbuild';
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  onTestFinished,
  test,
  vi,
} from 'vitest';
import type { Target } from '../../../libs/contracts/delivery.js';
import { stagedPackageSchema } from '../../../libs/contracts/phase.js';
import type { S3Settings } from '../../../libs/delivery/open-object-store.js';
import { decryptPackage, unpackPackage } from '../../../libs/delivery/unpack.js';
import { packageContents } from '../../../libs/packaging/package-contents.js';
import { freePort } from '../../support/free-port.js';
import { s3ServerLacks } from '../../support/s3-server/provide-s3-server.js';
import { S3Server, s3Credentials } from '../../support/s3-server/s3-server.js';
import { type SmallPackage, smallPackage } from '../../support/small-package.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { until } from '../../support/until.js';

const bucket = 'deliveries';
const target: Target = { kind: 's3', bucket, prefix: 'team/' };
const { AWS_ACCESS_KEY_ID: keyId, AWS_SECRET_ACCESS_KEY: secret } = s3Credentials;

const settingsOf = (endpoint: string): S3Settings => ({ endpoint, region: undefined, pathStyle: true });

beforeEach(() => {
  for (const [name, value] of Object.entries(s3Credentials)) vi.stubEnv(name, value);
});
afterEach(() => vi.unstubAllEnvs());

const lacks = await s3ServerLacks();

describe.skipIf(lacks !== undefined)(`a package that goes to a bucket${lacks ? ` (${lacks})` : ''}`, () => {
  let server: S3Server;
  beforeAll(async () => {
    server = await S3Server.start();
  }, 300_000);
  afterAll(() => server?.stop());
  beforeEach(() => server.makeBucket(bucket));
  afterEach(() => server.removeBucket(bucket));

  const s3 = () => settingsOf(server.endpoint);

  test('is one object that unpacks to the package, and the receipt says where and which', async () => {
    const { small, given, deliver, scratch } = await smallPackage();
    const receipt = await deliver(target, { s3: s3() });
    const key = `team/run-${given.run}.tar`;
    expect(receipt).toMatchObject({ location: `s3://${bucket}/${key}`, record: given.record.digest });
    expect(await server.filesIn(bucket)).toEqual([key]);
    const unpacked = await unpackPackage(server.pathOf(bucket, key), await temporaryFolder());
    const { files } = await packageContents(small.store, given);
    for (const { path, digest } of files)
      expect(await readFile(join(unpacked, path))).toEqual(await small.store.get(digest));
    expect(await readdir(scratch)).toEqual([]);
  });

  test('is the same object with the same bytes when it is done again', async () => {
    const { given, deliver } = await smallPackage();
    const path = server.pathOf(bucket, `team/run-${given.run}.tar`);
    const first = await deliver(target, { s3: s3() });
    const bytes = await readFile(path);
    expect(await deliver(target, { s3: s3() })).toEqual(first);
    await server.removeBucket(bucket);
    await server.makeBucket(bucket);
    expect(await deliver(target, { s3: s3() })).toEqual(first);
    expect(await readFile(path)).toEqual(bytes);
  });

  test('does not replace another object, nor the package of another record', async () => {
    const { small, given, deliver } = await smallPackage();
    const path = server.pathOf(bucket, `team/run-${given.run}.tar`);
    await mkdir(join(path, '..'), { recursive: true });
    await writeFile(path, 'mine');
    await expect(deliver(target, { s3: s3() })).rejects.toMatchObject({ code: 'DeliveryConflict' });
    expect(await readFile(path, 'utf8')).toBe('mine');
    const other = { kind: 's3' as const, bucket, prefix: '' };
    await deliver(other, { s3: s3() });
    const changed = { ...given, record: await small.store.putJson({ another: 'record' }) };
    await expect(deliver(other, { s3: s3(), given: changed })).rejects.toMatchObject({
      code: 'DeliveryConflict',
    });
  });

  test('that is encrypted has the same bytes in each attempt and opens with the key alone', async () => {
    const { small, given, deliver } = await smallPackage();
    const identity = await generateIdentity();
    const encrypted = { ...target, encryptTo: await identityToRecipient(identity) };
    const first = await deliver(encrypted, { s3: s3() });
    const key = `team/run-${given.run}.tar.age`;
    const bytes = await readFile(server.pathOf(bucket, key));
    expect(await deliver(encrypted, { s3: s3() })).toEqual(first);
    await server.removeBucket(bucket);
    await server.makeBucket(bucket);
    expect(await deliver(encrypted, { s3: s3() })).toEqual(first);
    expect(await readFile(server.pathOf(bucket, key))).toEqual(bytes);
    expect(bytes.includes('evidence/keys.json')).toBe(false);
    const keys = join(small.folder, 'identity.txt');
    await writeFile(keys, identity);
    const unpacked = await decryptPackage(server.pathOf(bucket, key), keys, await temporaryFolder());
    expect(await readdir(unpacked)).toContain('delivery.json');
  });

  test('of two attempts at once is put by one, and both answer the same', async () => {
    const { given, deliver } = await smallPackage();
    const answers = await Promise.all([deliver(target, { s3: s3() }), deliver(target, { s3: s3() })]);
    expect(answers[1]).toEqual(answers[0]);
    expect(await server.filesIn(bucket)).toEqual([`team/run-${given.run}.tar`]);
  });

  test('is not there at all after an attempt was killed in the middle, and once after the next', async () => {
    const made = await largePackage();
    const gate = await Gate.before(server.port, 1024 * 1024);
    const child = await startAttempt(made, settingsOf(gate.endpoint));
    await gate.held;
    child.kill('SIGKILL');
    await once(child, 'exit');
    await gate.closed();
    const { given, deliver } = made;
    expect(await server.filesIn(bucket)).not.toContain(`team/run-${given.run}.tar`);
    await until('the server to drop the part', async () => (await server.filesIn(bucket)).length === 0);
    const first = await deliver(target, { s3: s3(), given });
    expect(await deliver(target, { s3: s3(), given })).toEqual(first);
    expect(await server.filesIn(bucket)).toEqual([`team/run-${given.run}.tar`]);
  });

  test('does not replace an object that came between looking and putting', async () => {
    const { given, deliver } = await smallPackage();
    const path = server.pathOf(bucket, `team/run-${given.run}.tar`);
    const gate = await Gate.before(server.port, Number.POSITIVE_INFINITY, () => {
      mkdirSync(join(path, '..'), { recursive: true });
      writeFileSync(path, 'mine');
    });
    await expect(deliver(target, { s3: settingsOf(gate.endpoint) })).rejects.toMatchObject({
      code: 'DeliveryConflict',
    });
    expect(await readFile(path, 'utf8')).toBe('mine');
  });

  test('is tried again where the connection is cut in the middle', async () => {
    const { deliver, given } = await largePackage();
    const gate = await Gate.before(server.port, 1024 * 1024);
    const attempt = deliver(target, { s3: settingsOf(gate.endpoint), given });
    await Promise.race([gate.held, attempt]);
    await gate.cut();
    await expect(attempt).rejects.toMatchObject({ code: 'DependencyUnreachable' });
    await until('the server to drop the part', async () => (await server.filesIn(bucket)).length === 0);
  });

  test('is refused without the bucket, and with credentials that are none', async () => {
    const { deliver } = await smallPackage();
    const missing: Target = { kind: 's3', bucket: 'no-such-bucket', prefix: '' };
    const refused = expect.objectContaining({ code: 'DeliveryRefused' });
    await expect(deliver(missing, { s3: s3() })).rejects.toEqual(refused);
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'another-credential');
    await expect(deliver(target, { s3: s3() })).rejects.toEqual(refused);
    expect(await server.filesIn(bucket)).toEqual([]);
  });

  test('leaves its credentials in no error, artifact or entry', async () => {
    const { small, deliver } = await smallPackage();
    const said: unknown[] = [];
    const keep = (error: unknown): void => void said.push(error);
    await deliver({ kind: 's3', bucket: 'no-such-bucket', prefix: '' }, { s3: s3() }).catch(keep);
    await deliver(target, { s3: settingsOf(`http://127.0.0.1:${await freePort()}`) }).catch(keep);
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', `${secret}-changed`);
    await deliver(target, { s3: s3() }).catch(keep);
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', secret);
    await deliver(
      { ...target, encryptTo: await identityToRecipient(await generateIdentity()) },
      { s3: s3() },
    );
    expect(said).toHaveLength(3);
    const texts = said.map((error) => inspect(error, { depth: 20, showHidden: true }));
    for (const name of await readdir(small.folder, { recursive: true, withFileTypes: true }))
      if (name.isFile()) texts.push((await readFile(join(name.parentPath, name.name))).toString('latin1'));
    expect(texts.filter((one) => one.includes(secret) || one.includes(keyId))).toEqual([]);
  });
});

describe('a bucket', () => {
  test('that does not answer is tried again', async () => {
    const { deliver } = await smallPackage();
    const s3 = settingsOf(`http://127.0.0.1:${await freePort()}`);
    await expect(deliver(target, { s3 })).rejects.toMatchObject({ code: 'DependencyUnreachable' });
  });

  test('is refused where no credentials are found', async () => {
    const { deliver } = await smallPackage();
    for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_PROFILE'])
      vi.stubEnv(name, undefined);
    vi.stubEnv('HOME', await temporaryFolder());
    const s3 = settingsOf(`http://127.0.0.1:${await freePort()}`);
    await expect(deliver(target, { s3 })).rejects.toMatchObject({
      code: 'DeliveryRefused',
      message: expect.stringContaining('credentials'),
    });
  });
});

/** A package that is larger than what the system's buffers between two processes take. */
async function largePackage(): Promise<SmallPackage> {
  const made = await smallPackage();
  const { store } = made.small;
  const staged = await store.getJson(made.given.staged.digest, stagedPackageSchema);
  const large = await store.put(Buffer.alloc(24 * 1024 * 1024, 'again and again\0'), 'text/plain');
  const files = [...staged.files, { name: 'artifacts/files/large.bin', ...large }];
  return { ...made, given: { ...made.given, staged: await store.putJson({ ...staged, files }) } };
}

/** Lets so many bytes of each connection through to a port, and holds the rest. */
class Gate {
  readonly held: Promise<void>;
  #sockets = new Set<Socket>();
  #opened: () => void = () => undefined;

  private constructor(
    readonly endpoint: string,
    private readonly stop: () => void,
  ) {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.held = promise;
    this.#opened = resolve;
  }

  /** @param beforePut called before the server sees a put */
  static async before(port: number, bytes: number, beforePut = () => {}): Promise<Gate> {
    const own = await freePort();
    const server = createServer((client) => gate.#pass(client, connect(port, '127.0.0.1'), bytes, beforePut));
    const gate = new Gate(`http://127.0.0.1:${own}`, () => server.close());
    server.listen(own, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => gate.cut());
    return gate;
  }

  #pass(client: Socket, upstream: Socket, bytes: number, beforePut: () => void): void {
    let passed = 0;
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      this.#sockets.add(one);
      one.on('error', () => undefined);
      one.on('close', () => {
        this.#sockets.delete(one);
        other.destroy();
      });
    }
    upstream.pipe(client);
    client.on('data', (chunk: Buffer) => {
      passed += chunk.length;
      if (chunk.subarray(0, 4).toString() === 'PUT ') beforePut();
      if (passed < bytes) upstream.write(chunk);
      else this.#opened();
    });
  }

  /** Resolves when no connection is left. */
  async closed(): Promise<void> {
    await Promise.all([...this.#sockets].map((socket) => once(socket, 'close')));
  }

  async cut(): Promise<void> {
    this.stop();
    const closed = this.closed();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }
}

/** Starts an attempt to deliver in a process of its own. */
async function startAttempt({ small, given, scratch }: SmallPackage, s3: S3Settings) {
  const outfile = join(small.folder, 'attempt.cjs');
  await build({
    stdin: {
      contents: `
        import { openStore } from './libs/artifacts/open-store.js';
        import { deliverToBucket } from './libs/delivery/to-bucket.js';
        import { packageContents } from './libs/packaging/package-contents.js';
        const { artifacts, scratch, given, target, s3 } = JSON.parse(process.argv[2]);
        const store = openStore(artifacts);
        packageContents(store, given).then((contents) =>
          deliverToBucket({ store, scratch, signal: new AbortController().signal }, s3, { ...given, target, contents }),
        );`,
      resolveDir: process.cwd(),
      loader: 'ts',
    },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    outfile,
  });
  const artifacts = join(small.folder, 'artifacts');
  const input = JSON.stringify({ artifacts, scratch, given, target, s3 });
  const child = spawn(process.execPath, [outfile, input], { stdio: ['ignore', 'ignore', 'pipe'] });
  void text(child.stderr).then((said) => said && console.error(said));
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}
