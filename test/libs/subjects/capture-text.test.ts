import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openStore } from '../../../libs/artifacts/open-store.js';
import { materialise } from '../../../libs/artifacts/snapshot/materialise.js';
import { captureSubject } from '../../../libs/subjects/capture-subject.js';
import { parseSubject } from '../../../libs/subjects/parse-subject.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

async function captured(written: string) {
  const folder = await temporaryFolder();
  const store = openStore(join(folder, 'store'));
  const subject = parseSubject(written);
  const result = await captureSubject({ subject, roots: [], store, scratch: join(folder, 'scratch') });
  const workspace = join(folder, 'workspace');
  await materialise(store, result.snapshot, workspace);
  return { result, workspace };
}

test('a text is captured as one file that holds it, and needs no root', async () => {
  const { result, workspace } = await captured('text:# Ö\r\nSay how.\r\n\r\n');
  expect(await readdir(workspace)).toEqual(['request.md']);
  expect(await readFile(join(workspace, 'request.md'), 'utf8')).toBe('# Ö\nSay how.\n');
  expect(result).toEqual({
    subject: { kind: 'text', text: '# Ö\nSay how.' },
    title: 'text:# Ö',
    snapshot: { digest: expect.stringMatching(/^sha256:/), files: 1, bytes: 14 },
  });
});

test('the same text gives the same snapshot however its lines end, another text another one', async () => {
  const [unix, windows, other] = await Promise.all(
    ['text:a\nb', 'text:\r\na\r\nb\r\n', 'text:a\nc'].map(captured),
  );
  expect(windows?.result).toEqual(unix?.result);
  expect(other?.result.snapshot.digest).not.toBe(unix?.result.snapshot.digest);
});
