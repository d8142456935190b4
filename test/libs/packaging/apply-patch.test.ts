import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openStore } from '../../../libs/artifacts/open-store.js';
import { patchOf } from '../../../libs/artifacts/snapshot/patch-of.js';
import { readSnapshot } from '../../../libs/artifacts/snapshot/read-snapshot.js';
import { writeSnapshot } from '../../../libs/artifacts/snapshot/write-snapshot.js';
import type { SnapshotEntry, SnapshotRef } from '../../../libs/contracts/subject.js';
import { applyToSnapshot } from '../../../libs/packaging/apply-patch.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

interface Text {
  readonly text: string;
  readonly executable?: boolean;
}

async function place() {
  const store = openStore(join(await temporaryFolder(), 'artifacts'));
  const workspace = async (
    files: Readonly<Record<string, Text | { readonly target: string }>>,
  ): Promise<SnapshotRef> => {
    const entries: SnapshotEntry[] = [];
    for (const [path, content] of Object.entries(files)) {
      if ('target' in content) entries.push({ kind: 'link', path, target: content.target });
      else {
        const { digest, size } = await store.put(content.text, 'text/plain');
        entries.push({ kind: 'file', path, executable: content.executable ?? false, size, digest });
      }
    }
    return await writeSnapshot(store, entries, 'The workspace');
  };
  return { store, workspace };
}

test('a patch turns one workspace into the other: changed, added, removed, modes, links', async () => {
  const { store, workspace } = await place();
  const before = await workspace({
    'a.js': { text: 'one\r\ntwo\r\nthree' },
    'b b.js': { text: 'x\n' },
    'gone.js': { text: 'gone\n' },
    link: { target: 'a.js' },
    'run.sh': { text: '#!/bin/sh\n' },
  });
  const after = await workspace({
    'a.js': { text: 'one\r\n2\r\nthree\n' },
    'b b.js': { text: 'y\n' },
    'lib/new.js': { text: '--- a/x\n+++ b/x\n@@ -1 +1 @@\n' },
    link: { target: 'run.sh' },
    'run.sh': { text: '#!/bin/sh\n', executable: true },
  });
  const made = await applyToSnapshot(store, before, await patchOf(store, before, after));
  expect(made).toEqual(await readSnapshot(store, after));
});

test('whatever the texts are, the patch between them gives the second', async () => {
  const { store, workspace } = await place();
  const line = fc.constantFrom(
    'a',
    'b',
    '',
    '-',
    '+x',
    '--- a/a',
    '@@ -1 +1 @@',
    'diff --git a/a b/a',
    '\\ No newline',
    'c\r',
  );
  const text = fc
    .tuple(fc.array(line, { maxLength: 12 }), fc.boolean())
    .map(([lines, end]) => lines.join('\n') + (end ? '\n' : ''));
  await fc.assert(
    fc.asyncProperty(text, text, async (one, other) => {
      const before = await workspace({ a: { text: one } });
      const after = await workspace({ a: { text: other } });
      const made = await applyToSnapshot(store, before, await patchOf(store, before, after));
      expect(made).toEqual(await readSnapshot(store, after));
    }),
    { numRuns: 60 },
  );
});

test('a patch that does not fit is refused', async () => {
  const { store, workspace } = await place();
  const one = await workspace({ a: { text: 'one\n' } });
  const patch = await patchOf(store, one, await workspace({ a: { text: 'two\n' } }));
  const other = await workspace({ a: { text: 'three\n' } });
  await expect(applyToSnapshot(store, other, patch)).rejects.toMatchObject({ code: 'InputInvalid' });
});

test('what the patch had to leave out is missing from what it makes', async () => {
  const { store, workspace } = await place();
  const before = await workspace({ a: { text: 'one\n' } });
  const after = await workspace({ a: { text: 'two\n' }, 'image.bin': { text: '\u0000' } });
  const made = await applyToSnapshot(store, before, await patchOf(store, before, after));
  expect(made.entries.map(({ path }) => path)).toEqual(['a']);
});
