import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openStore } from '../../../libs/artifacts/open-store.js';
import { compareTexts } from '../../../libs/artifacts/snapshot/compare-texts.js';
import { patchOf } from '../../../libs/artifacts/snapshot/patch-of.js';
import { readSnapshot } from '../../../libs/artifacts/snapshot/read-snapshot.js';
import { writeSnapshot } from '../../../libs/artifacts/snapshot/write-snapshot.js';
import type { SnapshotEntry, SnapshotRef } from '../../../libs/contracts/subject.js';
import { applyToSnapshot } from '../../../libs/packaging/apply-patch.js';
import type { Applied } from '../../../libs/packaging/apply-section.js';
import { applyText } from '../../../libs/packaging/apply-text.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { turnsDuring } from '../../support/turns-during.js';

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

const longText = Array.from({ length: 300_000 }, (_, n) => `line ${n}\n`).join('');

test('a patch of a file with hundreds of thousands of lines applies, wherever it changes the file', async () => {
  const { store, workspace } = await place();
  const changed = longText.replace('line 1\n', 'early\n').replace('line 299998\n', 'late\n');
  const before = await workspace({ a: { text: longText }, gone: { text: longText } });
  const after = await workspace({ a: { text: changed }, new: { text: changed } });
  const made = await applyToSnapshot(store, before, await patchOf(store, before, after));
  expect(made).toEqual(await readSnapshot(store, after));
});

test('a patch that does not fit a long file is refused', async () => {
  const { store, workspace } = await place();
  const one = await workspace({ a: { text: longText } });
  const patch = await patchOf(store, one, await workspace({ a: { text: `${longText}more\n` } }));
  const other = await workspace({ a: { text: longText.replace('line 299999\n', 'other\n') } });
  await expect(applyToSnapshot(store, other, patch)).rejects.toMatchObject({ code: 'InputInvalid' });
  const broken = patch.replace('+more', '*more');
  await expect(applyToSnapshot(store, one, broken)).rejects.toMatchObject({ code: 'InputInvalid' });
});

test('the event loop comes round while a patch is applied to a long text', async () => {
  const change = {
    before: longText,
    after: longText.replace('line 299998\n', 'late\n'),
    kind: 'changed',
  } as const;
  const section = `diff --git a/a b/a\n--- a/a\n+++ b/a\n${compareTexts(change)}`;
  let made: Applied | undefined;
  const turns = await turnsDuring(async () => {
    made = await applyText({ text: longText, section });
  });
  expect(made).toEqual({ text: change.after });
  expect(turns).toBeGreaterThan(10);
});

test('the signal ends an application', async () => {
  const { store, workspace } = await place();
  const before = await workspace({ a: { text: 'one\n' } });
  const patch = await patchOf(store, before, await workspace({ a: { text: 'two\n' } }));
  const reason = new Error('not wanted any more');
  const work = applyToSnapshot(store, before, patch, AbortSignal.abort(reason));
  await expect(work).rejects.toBe(reason);
});
