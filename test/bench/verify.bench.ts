import { execFile } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { paths } from '../../libs/config/paths.js';
import { readTrust } from '../../libs/crypto/read-trust.js';
import { checkPackage } from '../../libs/package-check/check-package.js';
import { replayHistories } from '../../libs/package-check/replay/replay-histories.js';
import { fsVerityDigest } from '../../libs/packaging/manifest/fs-verity-digest.js';
import { LiveStack, shipped, sound } from '../support/live-stack.js';
import { figure, ms, percentile, timed } from './figures.js';

const run = promisify(execFile);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heptad-bench-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const rounds = 20;

/** Checking a package of the small fixture as `heptad verify` does, without the start of the program. */
test('packages checked per second', async () => {
  const stack = await LiveStack.start();
  try {
    const id = await stack.review(await stack.subject('sound', sound), undefined, shipped);
    const { package: path } = await stack.untilSealed(id);
    if (!path) throw new Error('The run delivered nothing.');
    const { keys: pinned } = await readTrust(paths(stack.config).trust);
    const without: number[] = [];
    const withReplay: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      without.push(await timed(async () => expect((await checkPackage(path, { pinned })).proven).toBe(true)));
      if (round % 4 > 0) continue;
      withReplay.push(
        await timed(async () =>
          expect((await checkPackage(path, { pinned, replay: replayHistories })).proven).toBe(true),
        ),
      );
    }
    const p50 = percentile(without, 0.5);
    figure('checking a package of the small fixture', {
      p50: ms(p50),
      'per second': (1000 / p50).toFixed(1),
      'with replay, p50': ms(percentile(withReplay, 0.5)),
    });
  } finally {
    await stack.remove();
  }
});

/** SHA-256 and the fs-verity digest in one pass over a file, against `sha256sum` on the same file. */
test('hashing a file', async () => {
  const path = join(folder, 'file');
  const mebibytes = 256;
  const file = await open(path, 'w');
  const block = Buffer.alloc(1024 * 1024, 'heptad');
  for (let index = 0; index < mebibytes; index += 1) {
    block.writeUInt32LE(index);
    await file.write(block);
  }
  await file.close();
  const ours: number[] = [];
  const baseline: number[] = [];
  let found = '';
  let expected = '';
  for (let round = 0; round < 5; round += 1) {
    baseline.push(
      await timed(async () => {
        expected = (await run('sha256sum', [path])).stdout.slice(0, 64);
      }),
    );
    ours.push(
      await timed(async () => {
        found = (await fsVerityDigest(createReadStream(path, { highWaterMark: 1024 * 1024 }))).sha256;
      }),
    );
  }
  expect(found).toBe(expected);
  const [our, base] = [percentile(ours, 0.5), percentile(baseline, 0.5)];
  const speed = (time: number): string => `${Math.round((mebibytes * 1000) / time)} MiB/s`;
  figure('SHA-256 and fs-verity digest in one pass, against sha256sum (SHA-256 alone)', {
    heptad: speed(our),
    sha256sum: speed(base),
    ratio: (our / base).toFixed(2),
  });
});
