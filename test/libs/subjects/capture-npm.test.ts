import { readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openStore } from '../../../libs/artifacts/open-store.js';
import { readSnapshot } from '../../../libs/artifacts/snapshot/read-snapshot.js';
import { captureSubject } from '../../../libs/subjects/capture-subject.js';
import { parseSubject } from '../../../libs/subjects/parse-subject.js';
import { temporaryFolder } from '../artifacts/temporary-folder.js';
import { serveRegistry, sha512, useRegistry } from './registry.js';

function prepared() {
  const base = temporaryFolder();
  const scratch = join(base, 'scratch');
  const store = openStore(join(base, 'store'));
  const capture = (text: string, signal?: AbortSignal) =>
    captureSubject({ store, scratch, subject: parseSubject(text), roots: [], signal });
  return { store, scratch, capture };
}

describe('a package of npm', () => {
  it('is fetched from the registry and checked (needs the registry)', async () => {
    const { store, scratch, capture } = prepared();
    const integrity =
      'sha512-hK3tEqj0pP7UF5UHKNiRvm3zCaYk7UI4EBJ6wwN5O2qX1WdSovmqvUHEbNOJuglXzVkk/H0r7vgst3mVcQXrPA==';
    const captured = await capture(`npm:ejs@1.0.0#${integrity}`);
    expect(captured).toMatchObject({ title: 'npm:ejs@1.0.0', integrity, snapshot: { files: 50 } });
    const { entries } = await readSnapshot(store, captured.snapshot);
    const library = entries.find(({ path }) => path === 'lib/ejs.js');
    expect(library).toMatchObject({ kind: 'file', size: 8481 });
    expect(readdirSync(scratch)).toEqual([]);
  });

  it('that is a range or tag is captured as the exact version it stands for', async () => {
    await serveRegistry([
      { name: '@some/thing', version: '1.2.0', files: { 'a.js': '1' } },
      { name: '@some/thing', version: '1.3.0', files: { 'a.js': '2' } },
    ]);
    const { capture } = prepared();
    const ranged = await capture('npm:@some/thing@^1.0.0');
    expect(ranged.subject).toEqual({ kind: 'npm', name: '@some/thing', version: '1.3.0' });
    expect(ranged.title).toBe('npm:@some/thing@1.3.0');
    expect((await capture('npm:@some/thing@latest')).snapshot).toEqual(ranged.snapshot);
  });

  it('that does not exist is unknown', async () => {
    await serveRegistry([{ name: 'thing', version: '1.0.0' }]);
    const { scratch, capture } = prepared();
    await expect(capture('npm:nothing@1.0.0')).rejects.toMatchObject({ code: 'PackageUnknown' });
    await expect(capture('npm:thing@2.0.0')).rejects.toMatchObject({ code: 'PackageUnknown' });
    expect(readdirSync(scratch)).toEqual([]);
  });

  it('is refused where its bytes are not those that the registry names', async () => {
    await serveRegistry([{ name: 'thing', version: '1.0.0', integrity: sha512(Buffer.from('other')) }]);
    const { scratch, capture } = prepared();
    await expect(capture('npm:thing@1.0.0')).rejects.toMatchObject({ code: 'IntegrityMismatch' });
    expect(readdirSync(scratch)).toEqual([]);
  });

  it('is refused where its bytes are not those that the subject names', async () => {
    await serveRegistry([{ name: 'thing', version: '1.0.0' }]);
    const { capture } = prepared();
    const other = sha512(Buffer.from('other'));
    await expect(capture(`npm:thing@1.0.0#${other}`)).rejects.toMatchObject({
      code: 'IntegrityMismatch',
      message: expect.stringContaining('the subject names'),
    });
  });

  it('is refused where the registry names nothing to check it by', async () => {
    await serveRegistry([{ name: 'thing', version: '1.0.0', integrity: null }]);
    const { capture } = prepared();
    await expect(capture('npm:thing@1.0.0')).rejects.toMatchObject({ code: 'IntegrityMismatch' });
  });

  it('runs no script when it is fetched', async () => {
    const witness = join(temporaryFolder(), 'witness');
    const scripts = Object.fromEntries(
      ['preinstall', 'install', 'postinstall', 'prepare', 'prepack'].map((name) => [
        name,
        `touch ${witness}`,
      ]),
    );
    await serveRegistry([{ name: 'thing', version: '1.0.0', more: { scripts } }]);
    const { capture } = prepared();
    await capture('npm:thing@1.0.0');
    expect(readdirSync(join(witness, '..'))).toEqual([]);
  });

  it('is refused where its archive holds what is not safe', async () => {
    const files = { 'a\u001bb': 'x' };
    await serveRegistry([{ name: 'thing', version: '1.0.0', files }]);
    const { scratch, capture } = prepared();
    await expect(capture('npm:thing@1.0.0')).rejects.toMatchObject({
      code: 'SubjectInvalid',
      problems: [{ path: 'a\\u001bb', reason: 'The name contains a control character.' }],
    });
    expect(readdirSync(scratch)).toEqual([]);
  });

  it('can be tried again later where the registry cannot be reached', async () => {
    useRegistry('http://127.0.0.1:9');
    const { scratch, capture } = prepared();
    await expect(capture('npm:thing@1.0.0')).rejects.toMatchObject({ code: 'DependencyUnreachable' });
    expect(readdirSync(scratch)).toEqual([]);
  });

  it('is given up when it is cancelled, and nothing of npm goes on', async () => {
    const asked = Promise.withResolvers<void>();
    const gone = Promise.withResolvers<void>();
    const silent = createServer((request) => {
      asked.resolve();
      request.socket.once('close', () => gone.resolve());
    });
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void silent.close());
    useRegistry(`http://127.0.0.1:${(silent.address() as AddressInfo).port}`);
    const { scratch, capture } = prepared();
    const controller = new AbortController();
    const capturing = capture('npm:thing@1.0.0', controller.signal);
    await asked.promise;
    controller.abort(new Error('cancelled'));
    await expect(capturing).rejects.toThrow('cancelled');
    await gone.promise;
    expect(readdirSync(scratch)).toEqual([]);
  });
});
