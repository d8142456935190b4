import { beforeEach, describe, expect, test } from 'vitest';
import type { PackageReport } from '../../../libs/contracts/package-check.js';
import type { PinnedKey } from '../../../libs/contracts/signature.js';
import { type CheckOptions, checkFolder } from '../../../libs/package-check/check-package.js';
import { type PackageFolder, readFolder } from '../../../libs/package-check/read-folder.js';
import type { Replay } from '../../../libs/package-check/replay/replay-histories.js';
import { type GenuineRun, genuineRun } from '../../support/genuine-package/genuine-run.js';
import { freshSigner, pinnedKeyOf } from '../../support/signers.js';

const stateOf = ({ checks }: PackageReport, check: string): string | undefined =>
  checks.find((one) => one.check === check)?.state;

describe('a genuine package', () => {
  let run: GenuineRun;
  let folder: PackageFolder;
  // Its folder ends with the first test; what was read of it stays.
  beforeEach(async () => {
    if (folder) return;
    run = await genuineRun();
    folder = await readFolder(run.folder);
  }, 60_000);

  const check = (options: Partial<CheckOptions> = {}): Promise<PackageReport> =>
    checkFolder(folder, { pinned: run.pinned, ...options });
  const revoked = (identity: string): PinnedKey[] =>
    run.pinned.map((key) =>
      key.identity === identity ? { ...key, revoked: { at: '2026-02-01', reason: 'It was stolen.' } } : key,
    );

  test('is proven where its keys are pinned', async () => {
    await expect(check()).resolves.toMatchObject({
      proven: true,
      origin: 'trusted',
      sealed: true,
      run: run.run,
      subject: run.subject,
    });
  });

  test('is of unknown origin where none is, and good enough only for who says so', async () => {
    const stranger = [pinnedKeyOf(freshSigner('release'))];
    await expect(check({ pinned: stranger })).resolves.toMatchObject({ proven: false, origin: 'unknown' });
    await expect(check({ pinned: [], allowUnknownKey: true })).resolves.toMatchObject({
      proven: true,
      origin: 'unknown',
    });
  });

  test('is proven by the ids of its keys', async () => {
    const keyids = run.pinned.map(({ keyid }) => keyid);
    await expect(check({ pinned: [], keyids })).resolves.toMatchObject({ proven: true, origin: 'trusted' });
  });

  test.each(['release', 'producer', 'verifier.a', 'verifier.b', 'verifier.c'])(
    'is not proven once the key of %s is revoked',
    async (identity) => {
      const report = await check({ pinned: revoked(identity) });
      expect(report.proven).toBe(false);
      expect(report.says).toMatch(/^Do not rely on it/);
    },
  );

  test('is not proven where one key is pinned to two identities', async () => {
    const [first, ...rest] = run.pinned;
    if (!first) throw new Error('No key is pinned.');
    const twice: PinnedKey[] = [{ ...first, identity: 'person:ada' }, first, ...rest];
    expect(stateOf(await check({ pinned: twice }), 'separation')).toBe('failed');
  });

  test('is the one that was expected, or another one', async () => {
    const mine = await check({ expectRun: run.run, expectSubject: run.subject });
    expect([stateOf(mine, 'expected-run'), stateOf(mine, 'expected-subject')]).toEqual(['proven', 'proven']);
    const other = await check({ expectRun: 'another', expectSubject: 'npm:other@1.0.0' });
    expect(other.proven).toBe(false);
    expect(stateOf(other, 'expected-run')).toBe('failed');
    expect(stateOf(other, 'expected-subject')).toBe('failed');
  });

  test('is replayed from the bytes that were checked', async () => {
    const replayed: Replay[] = [];
    const replay = async (asked: Replay): Promise<string[]> => {
      replayed.push(asked);
      return [];
    };
    expect(stateOf(await check({ replay }), 'replay')).toBe('proven');
    const [asked] = replayed;
    expect(asked?.bundle.equals(folder.files.get('seal/bundle.js')?.bytes ?? Buffer.alloc(0))).toBe(true);
    expect(asked?.histories.length).toBe(8);
    await expect(check({ replay: async () => ['It does not replay.'] })).resolves.toMatchObject({
      proven: false,
    });
  });

  test('whose origin is unknown has none of its code executed', async () => {
    const replay = async (): Promise<string[]> => {
      throw new Error('It was executed.');
    };
    const report = await check({ pinned: [], allowUnknownKey: true, replay });
    expect(stateOf(report, 'replay')).toBe('not-checkable');
    expect(report.proven).toBe(true);
  });
});

describe('what is no delivered package', () => {
  test('is said of one that is not yet sealed', async () => {
    const run = await genuineRun({ sealed: false });
    const report = await checkFolder(await readFolder(run.folder), { pinned: run.pinned });
    expect(report).toMatchObject({ proven: false, sealed: false });
    expect(report.says).toContain('not yet sealed');
    expect(report.checks.filter(({ state }) => state === 'failed')).toEqual([]);
  }, 60_000);

  test('is said of a run that failed, whose evidence is proven', async () => {
    const run = await genuineRun({ fails: true });
    const report = await checkFolder(await readFolder(run.folder), { pinned: run.pinned });
    expect(report).toMatchObject({ proven: false, sealed: true });
    expect(report.checks.filter(({ state }) => state === 'failed').map(({ check }) => check)).toEqual([
      'delivered',
    ]);
  }, 60_000);

  test('is said of a folder that is not there', async () => {
    await expect(readFolder('/nowhere/at/all')).rejects.toMatchObject({ code: 'InputInvalid' });
  });
});
