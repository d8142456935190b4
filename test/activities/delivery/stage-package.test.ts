import { expect, test } from 'vitest';
import { stagePackage } from '../../../activities/delivery/stage-package.js';
import type { Target } from '../../../libs/contracts/delivery.js';
import { stagedPackageSchema } from '../../../libs/contracts/phase.js';
import { inActivity } from '../../support/in-activity.js';
import { type SmallDelivery, smallDelivery } from '../../support/small-delivery.js';
import { smallRun } from '../../support/small-run.js';

const stage = async ({ small, input, merged }: SmallDelivery) =>
  await inActivity(() => stagePackage(small)({ run: small.run, input, merged }));

test('the outcome is the assembled package, and the summary says what is in it', async () => {
  const delivery = await smallDelivery(await smallRun());
  const { outcome, summary, facts } = await stage(delivery);
  const staged = await delivery.small.store.getJson(outcome.digest, stagedPackageSchema);
  expect(staged).toMatchObject({ candidate: 'D', merge: delivery.merged });
  expect(summary).toBe(`Model D, ${staged.files.length} files`);
  expect(facts).toEqual({ targets: [] });
  expect((await stage(delivery)).outcome).toEqual(outcome);
});

test('the summary says so where the best candidate is delivered in the place of Model D', async () => {
  const delivery = await smallDelivery(await smallRun(), { validation: { broken: ['loads'] } });
  const { summary } = await stage(delivery);
  expect(summary).toMatch(/^Candidate A, \d+ files, not Model D: Model D is not eligible: 1 test broken/);
});

test('where else the package goes is what the request asked for', async () => {
  const delivery = await smallDelivery(await smallRun());
  const { store, accepted } = delivery.small;
  const deliver: Target[] = [{ kind: 'folder', path: '/srv/packages' }];
  const asked = await store.putJson({ ...accepted, request: { ...accepted.request, deliver } });
  const { facts } = await stage({ ...delivery, input: { ...delivery.input, accepted: asked } });
  expect(facts).toEqual({ targets: deliver });
});
