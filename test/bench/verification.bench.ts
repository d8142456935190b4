import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { LiveStack, shipped, sound } from '../support/live-stack.js';
import { serveVerifiers, verifierKeys } from '../support/other-verifiers.js';
import { passing } from '../support/service-signers.js';
import { until } from '../support/until.js';
import { figure, percentile } from './figures.js';

/**
 * What verification adds to a run: the same review with the real verifiers, and with ones that answer at once without
 * looking, in turn on the same stack. Agents, evidence and package are real in both.
 */
let stack: LiveStack;
beforeAll(async () => {
  stack = await LiveStack.start();
});
afterAll(() => stack?.remove());

const rounds = 5;

interface Timed {
  /** Seconds from the start of the run to its close. */
  readonly run: number;
  /** Seconds from its close until it was sealed. */
  readonly seal: number;
}

test('a review with verification, and without', async () => {
  const subject = await stack.subject('sound', sound);
  const measure = async (): Promise<Timed> => {
    const run = await stack.review(subject, undefined, shipped);
    const closed = await stack.untilView(run, 'closed', ({ closedAt }) => closedAt !== null);
    await until('sealed', () => stack.isSealed(run));
    const sealed = Date.now();
    const { state, startedAt, closedAt } = closed;
    expect(state).toBe('completed');
    return {
      run: (Date.parse(closedAt ?? '') - Date.parse(startedAt)) / 1000,
      seal: (sealed - Date.parse(closedAt ?? '')) / 1000,
    };
  };
  await measure();
  const verified: Timed[] = [];
  const trusted: Timed[] = [];
  for (let round = 0; round < rounds; round += 1) {
    verified.push(await measure());
    await stack.kill('verify');
    trusted.push(await withTrustingVerifiers(measure));
    await stack.restart('verify');
  }
  const p50 = (samples: readonly Timed[], part: keyof Timed): number =>
    percentile(
      samples.map((sample) => sample[part]),
      0.5,
    );
  const [withIt, without] = [p50(verified, 'run'), p50(trusted, 'run')];
  figure('a review of the small fixture, with verification of every phase and without', {
    with: `${withIt.toFixed(1)} s`,
    without: `${without.toFixed(1)} s`,
    ratio: (withIt / without).toFixed(2),
  });
  figure('sealing a review of the small fixture, from its close, p50', {
    seal: `${p50(verified, 'seal').toFixed(2)} s`,
  });
});

test('the size of a package', async () => {
  const run = await stack.review(await stack.subject('sized', sound), undefined, shipped);
  const { package: folder, items } = await stack.untilSealed(run);
  if (!folder || !items) throw new Error('The run delivered nothing.');
  const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) =>
    entry.isFile(),
  );
  let bytes = 0;
  let bundle = 0;
  for (const { parentPath, name } of files) {
    const { size } = await stat(join(parentPath, name));
    bytes += size;
    if (name === 'bundle.js') bundle += size;
  }
  const kib = (value: number): string => `${Math.round(value / 1024)} KiB`;
  figure('a sealed package of the small fixture', {
    files: String(files.length),
    size: kib(bytes),
    'of it the workflow bundle': kib(bundle),
    'per item without the bundle': kib((bytes - bundle) / items.length),
  });
});

async function withTrustingVerifiers<T>(work: () => Promise<T>): Promise<T> {
  const keys = await verifierKeys(stack);
  const stop = await serveVerifiers(stack, keys, { judge: passing(stack.store, keys) });
  return await work().finally(stop);
}
