import { execFileSync } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { deliverTo } from '../../../activities/delivery/deliver-to.js';
import { deliveryReceiptSchema, type Target } from '../../../libs/contracts/delivery.js';
import { inActivity } from '../../support/in-activity.js';
import { smallPackage } from '../../support/small-package.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const s3 = { endpoint: undefined, region: undefined, pathStyle: false };

test.each<[Target['kind'], (root: string) => Target]>([
  ['folder', (root) => ({ kind: 'folder', path: root })],
  ['git', (root) => ({ kind: 'git', url: join(root, 'remote.git'), branch: 'heptad/review' })],
])(
  'the receipt of a delivery to a %s is an artifact, the same when it is done again',
  async (_, targetIn) => {
    const { small, given, scratch } = await smallPackage();
    const root = await temporaryFolder();
    execFileSync('git', ['init', '--quiet', '--bare', join(root, 'remote.git')]);
    const target = targetIn(root);
    const deliver = deliverTo({ store: small.store, scratch, roots: [root], s3 });
    const answer = await inActivity(() => deliver({ ...given, target }));
    const receipt = await small.store.getJson(answer.receipt.digest, deliveryReceiptSchema);
    expect(receipt).toMatchObject({ version: 1, run: given.run, record: given.record.digest, target });
    expect(answer.says).toBe(`delivered to ${receipt.location}`);
    expect(await inActivity(() => deliver({ ...given, target }))).toEqual(answer);
  },
);

test('two attempts at once to a branch are one commit', async () => {
  const { given, deliver } = await smallPackage();
  const root = await temporaryFolder();
  const url = join(root, 'remote.git');
  execFileSync('git', ['init', '--quiet', '--bare', url]);
  const target: Target = { kind: 'git', url, branch: 'heptad/review' };
  const answers = await Promise.allSettled([1, 2].map(() => deliver(target, { roots: [root] })));
  const again = await deliver(target, { roots: [root] });
  for (const answer of answers)
    if (answer.status === 'fulfilled') expect(answer.value).toEqual(again);
    else expect(answer.reason).toMatchObject({ code: 'DeliveryOvertaken' });
  const log = execFileSync('git', ['log', '--format=%H', 'heptad/review'], { cwd: url, encoding: 'utf8' });
  expect(log.trim()).toBe(again.written);
  expect(again.record).toBe(given.record.digest);
});

test('an attempt that is stopped leaves nothing', async () => {
  const { small, given, scratch } = await smallPackage();
  const deliver = deliverTo({ store: small.store, scratch, roots: [], s3 });
  const { MockActivityEnvironment } = await import('@temporalio/testing');
  const environment = new MockActivityEnvironment();
  const target: Target = { kind: 's3', bucket: 'packages', prefix: '' };
  environment.cancel();
  await expect(environment.run(() => deliver({ ...given, target }))).rejects.toThrow();
  expect(await readdir(scratch)).toEqual([]);
});
