import { existsSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { collectGarbage } from '../../../../libs/artifacts/garbage/collect-garbage.js';
import { rootsOfEntries } from '../../../../libs/artifacts/garbage/roots-of-entries.js';
import { sizeOf } from '../../../../libs/artifacts/garbage/size-of.js';
import { openStore } from '../../../../libs/artifacts/open-store.js';
import type { Digest } from '../../../../libs/protocol/digest.js';
import { all } from '../all.js';
import { temporaryFolder } from '../temporary-folder.js';

const unheard: Digest = `sha256:${'0'.repeat(64)}`;

async function filled() {
  const folder = temporaryFolder();
  const store = openStore(folder);
  const leaf = await store.put('leaf', 'text/plain');
  const inner = await store.putJson({ files: [{ digest: leaf.digest }] });
  const root = await store.putJson({ text: `see ${inner.digest}, and ${unheard}` });
  const orphan = await store.putJson({ nobody: 'names me' });
  const mentioned = await store.put(`plain text, not JSON: ${orphan.digest}`, 'text/plain');
  return { folder, store, leaf, inner, root, orphan, mentioned };
}

describe('garbage collection', () => {
  it('keeps what JSON artifacts name, however deep, and deletes the rest', async () => {
    const { store, leaf, inner, root, orphan, mentioned } = await filled();
    const report = await collectGarbage(store, [root.digest, mentioned.digest], {
      deleteThem: true,
      grace: -1000,
    });
    expect(report).toMatchObject({
      deleted: true,
      kept: { count: 4, bytes: leaf.size + inner.size + root.size + mentioned.size },
      young: { count: 0, bytes: 0 },
      garbage: { count: 1, bytes: orphan.size },
      missing: [],
    });
    expect(await store.has(orphan.digest)).toBe(false);
    for (const { digest } of [leaf, inner, root, mentioned]) expect(await store.has(digest)).toBe(true);
  });

  it('misses what is named by a string of its own, and not what is quoted in a sentence', async () => {
    const { store } = await filled();
    const quoted = await store.putJson({
      sentence: `A forgery names ${unheard}`,
      json: JSON.stringify({ digest: unheard }),
      quotation: `"${unheard}" is not there`,
    });
    const naming = await store.putJson({ quoted: quoted.digest, files: [unheard] });
    const missingOf = async (...roots: Digest[]) =>
      (await collectGarbage(store, roots, { deleteThem: false })).missing;
    expect(await missingOf(quoted.digest)).toEqual([]);
    expect(await missingOf(quoted.digest, naming.digest)).toEqual([unheard]);
    expect(await missingOf(naming.digest)).toEqual([unheard]);
    expect(await missingOf(unheard)).toEqual([unheard]);
  });

  it('only looks unless told to delete', async () => {
    const { store, root, orphan } = await filled();
    const report = await collectGarbage(store, [root.digest], { deleteThem: false, grace: -1000 });
    expect(report.garbage.count).toBe(2);
    expect(await store.has(orphan.digest)).toBe(true);
  });

  it('spares what is younger than the grace period, an hour by default', async () => {
    const { store, root, orphan } = await filled();
    const report = await collectGarbage(store, [root.digest], { deleteThem: true });
    expect(report).toMatchObject({ garbage: { count: 0 }, young: { count: 2 } });
    expect(await store.has(orphan.digest)).toBe(true);
  });

  it('spares what is put again after it was looked for', async () => {
    const { folder, store, orphan } = await filled();
    const name = orphan.digest.slice(7);
    utimesSync(join(folder, 'sha256', name.slice(0, 2), name), new Date(0), new Date(0));
    const started = new Date(Date.now() - 1000);
    await store.putJson({ nobody: 'names me' });
    expect(await store.remove(orphan.digest, started)).toBe(false);
    expect(await store.has(orphan.digest)).toBe(true);
  });

  it('clears away what killed writers left', async () => {
    const { folder, store, root } = await filled();
    const left = join(folder, 'temporary', 'half-written');
    const fresh = join(folder, 'temporary', 'being-written');
    writeFileSync(left, 'half');
    writeFileSync(fresh, 'now');
    utimesSync(left, new Date(0), new Date(0));
    const report = await collectGarbage(store, [root.digest], { deleteThem: true });
    expect(report.leftovers).toEqual({ count: 1, bytes: 4 });
    expect(existsSync(left)).toBe(false);
    expect(readdirSync(join(folder, 'temporary'))).toEqual(['being-written']);
  });

  it('takes roots from named entries', async () => {
    const { store, root } = await filled();
    await store.entries.put('seals/r1', JSON.stringify({ root: root.digest }));
    await store.entries.put('other/r1', JSON.stringify({ root: unheard }));
    expect(await all(rootsOfEntries(store, 'seals/'))).toEqual([root.digest]);
  });

  it('counts what a run takes on disk, each artifact once', async () => {
    const { store, leaf, inner, root } = await filled();
    expect(await sizeOf(store, [root.digest, inner.digest, root.digest])).toEqual({
      count: 3,
      bytes: leaf.size + inner.size + root.size,
    });
  });
});
