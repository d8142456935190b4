import { chmod, mkdtemp, readdir, rm, stat, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { run } from '../../../apps/local/setup/run.mjs';
import { openStore } from '../../../libs/artifacts/open-store.js';
import { programPlaces } from '../../../libs/config/program-places.js';

/** Only root may start a process as another user. */
const notRoot = process.getuid?.() !== 0;

describe.skipIf(notRoot)('a store that processes of two users share by their group (needs root)', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'heptad-shared-'));
    await chmod(folder, 0o2777);
  });
  afterEach(async () => rm(folder, { recursive: true }));

  /** Runs a statement on the store as a user other than this one. */
  const asAnother = async (statement: string): Promise<string> => {
    const built = pathToFileURL(join(programPlaces().root, 'dist/libs/artifacts/open-store.js')).href;
    const program = `process.umask(0o002);
      const { openStore } = await import(${JSON.stringify(built)});
      const store = openStore(${JSON.stringify(folder)});
      console.log(await (${statement}));`;
    const { code, stdout, stderr } = await run(
      'setpriv',
      [
        '--reuid=2001',
        '--regid=0',
        '--clear-groups',
        process.execPath,
        '--input-type=module',
        '--eval',
        program,
      ],
      { cwd: '/' },
    );
    if (code !== 0) throw new Error(stderr);
    return stdout.trim();
  };

  test('makes an artifact of another user young again, so that it is not collected', async () => {
    const umask = process.umask(0o002);
    const store = openStore(folder);
    const { digest } = await store.put('shared', 'text/plain').finally(() => process.umask(umask));
    const hex = digest.slice('sha256:'.length);
    const all = await readdir(folder, { recursive: true });
    const name = all.find((path) => path.endsWith(hex));
    if (!name) throw new Error('The artifact has no file.');
    const path = join(folder, name);
    await utimes(path, new Date(0), new Date(0));

    await expect(asAnother(`store.keep('${digest}')`)).resolves.toBe('true');
    expect((await stat(path)).mtime.getTime()).toBeGreaterThan(0);
    await expect(store.get(digest).then(String)).resolves.toBe('shared');
  });

  test('stores what another user stored before', async () => {
    const umask = process.umask(0o002);
    const store = openStore(folder);
    const { digest } = await store.put('shared', 'text/plain').finally(() => process.umask(umask));
    await expect(asAnother(`store.put('shared', 'text/plain').then((ref) => ref.digest)`)).resolves.toBe(
      digest,
    );
    await asAnother(`store.put('its own', 'text/plain')`);
  });
});
