import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openStore } from '../../../libs/artifacts/open-store.js';
import { deletionSchema, type SealEntry } from '../../../libs/contracts/evidence.js';
import { deleteArchive } from '../../../libs/evidence/delete-archive.js';
import { expiredArchives } from '../../../libs/evidence/expired-archives.js';
import { deletionEntryName, sealEntryName } from '../../../libs/evidence/seal-entry.js';
import { payloadType } from '../../../libs/protocol/payload-types.js';
import { freshSigner, trustIn } from '../../support/signers.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const now = Date.parse('2026-06-01T00:00:00.000Z');
const release = freshSigner('release');
const order = { release, policy: '90 days', by: 'ada@here', now: new Date(now) };

/** A service that sealed runs, each so many days ago. */
async function archives(runs: Readonly<Record<string, number>>) {
  const folder = await temporaryFolder();
  const store = openStore(join(folder, 'artifacts'));
  const packages = join(folder, 'packages');
  for (const [run, days] of Object.entries(runs)) {
    const closedAt = new Date(now - days * 24 * 3600 * 1000).toISOString();
    const seal = await store.putJson({ seal: run });
    const summary: SealEntry['summary'] = {
      ...{ id: run, state: 'completed', tenant: 'local', template: 't@1', subject: null, phase: 'conclude' },
      ...{ decision: 'PROCEED', startedAt: closedAt, closedAt },
    };
    await store.entries.put(sealEntryName(run), JSON.stringify({ seal, summary }));
    await store.entries.put(`attempts/${run}/run-${run}_1-ingest/x.1/000001-begin.json`, '{}');
    await mkdir(join(packages, `run-${run}`, 'seal'), { recursive: true });
    await writeFile(join(packages, `run-${run}`, 'seal', 'seal.json'), '{}');
  }
  const expired = (days: number | undefined) => expiredArchives(store, days, now);
  return { store, packages, expired };
}

describe('archives', () => {
  test('are kept for ever where no time is set', async () => {
    const { expired } = await archives({ ancient: 10_000 });
    expect(await expired(undefined)).toEqual([]);
  });

  test('expire when their runs closed longer ago than they are kept, the oldest first', async () => {
    const { expired } = await archives({ young: 89, old: 91, oldest: 400 });
    expect((await expired(90)).map(({ run }) => run)).toEqual(['oldest', 'old']);
  });
});

describe('an archive that is deleted', () => {
  test('is gone with its package and its attempts, and the deletion is recorded and signed', async () => {
    const { store, packages, expired } = await archives({ young: 1, old: 100 });
    for (const archive of await expired(90)) await deleteArchive({ store, packages }, archive, order);
    expect(await readdir(packages)).toEqual(['run-young']);
    expect(await store.entries.list('seals/')).toEqual(['seals/young']);
    expect(await store.entries.list('attempts/old/')).toEqual([]);
    expect(await store.entries.list('attempts/young/')).toHaveLength(1);
    const deletion = deletionSchema.parse(
      JSON.parse(String(await store.entries.get(deletionEntryName('old')))),
    );
    expect(deletion).toMatchObject({
      run: 'old',
      tenant: 'local',
      at: '2026-06-01T00:00:00.000Z',
      policy: '90 days',
      by: 'ada@here',
    });
    const expected = { type: payloadType.deletion, identity: 'release' } as const;
    expect(trustIn(release).problemsOf(deletion, expected)).toEqual([]);
    expect(await expired(90)).toEqual([]);
  });

  test('is deleted to the end where that was cut off, as it was recorded first', async () => {
    const { store, packages, expired } = await archives({ old: 100 });
    const [archive] = await expired(90);
    if (!archive) throw new Error('Nothing has expired.');
    await deleteArchive({ store, packages }, archive, order);
    const recorded = await store.entries.get(deletionEntryName('old'));
    await store.entries.put(sealEntryName('old'), JSON.stringify(archive.entry));
    await mkdir(join(packages, '.run-old.cut-off'));
    const [again] = await expired(undefined);
    expect(again?.run).toBe('old');
    const later = { ...order, policy: 'forever', now: new Date(now + 1000) };
    await deleteArchive({ store, packages }, archive, later);
    expect(await store.entries.get(deletionEntryName('old'))).toEqual(recorded);
    expect(await readdir(packages)).toEqual([]);
    expect(await expired(undefined)).toEqual([]);
  });
});
