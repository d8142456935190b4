import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { openStore } from '../../artifacts/open-store.js';
import { inParallel } from '../../artifacts/snapshot/in-parallel.js';
import { executionSchema } from '../../contracts/phase.js';
import { scratchPrefix } from '../../scratch/clean-up.js';
import { CheckList } from '../check-list.js';
import type { Judge, Judged } from '../judged.js';
import { selfCheck } from '../self-check/self-check.js';
import { forgeries } from './forgeries.js';
import type { Forged } from './forgery.js';
import { OverlayStore } from './overlay-store.js';
import { storeAttacks } from './store-attacks.js';
import { verdictAttacks } from './verdict-attacks.js';

/** Forgeries that are judged at once. */
const atOnce = 4;

export interface Workshop {
  readonly scratch: string;
  readonly signal?: AbortSignal | undefined;
  /** The check that is attacked. Default: pass A itself. */
  readonly judge?: Judge;
}

/**
 * Pass C of execute: forges the output in every way that it knows, in a private store, and demands that the very
 * functions that the store and pass A use reject each forgery. First the output as it is must be accepted:
 * otherwise a rejection would show nothing.
 */
export async function attack(judged: Judged, checks: CheckList, workshop: Workshop): Promise<void> {
  const { judge = selfCheck, signal } = workshop;
  const genuine = new CheckList();
  await judge(judged, genuine);
  const [refusal] = genuine.checks.filter(({ ok }) => !ok);
  checks.add(
    'control',
    genuine.passed,
    refusal
      ? `The output as it is was rejected (${refusal.check}: ${refusal.says}), so attacks on it would show nothing.`
      : 'The output as it is was accepted.',
  );
  if (!genuine.passed) return;

  const folder = await mkdtemp(join(workshop.scratch, `${scratchPrefix(judged.run)}attack-`));
  try {
    const execution = await judged.store.getJson(judged.output.digest, executionSchema);
    const store = new OverlayStore(openStore(join(folder, 'forged')), judged.store);
    const rejections = new Map<string, string | null>();
    await inParallel(forgeries, atOnce, async ({ name, forge }) => {
      signal?.throwIfAborted();
      const forged = await forge({ judged, execution, store });
      if (forged === undefined || isGenuine(judged, forged)) return;
      rejections.set(name, await rejectionOf(judge, { ...judged, ...forged, store }));
    });
    const left = forgeries.map(({ name }) => name).filter((name) => !rejections.has(name));
    const tried = [
      ...forgeries.flatMap(({ name }) => {
        const rejection = rejections.get(name);
        return rejection === undefined ? [] : { name, rejection };
      }),
      ...(await storeAttacks(judged, execution, join(folder, 'damaged'))),
      ...verdictAttacks(judged),
    ];
    for (const { name, rejection } of tried)
      checks.add(
        `attack:${name}`,
        rejection !== null,
        rejection === null ? 'It was accepted.' : `Rejected as ${rejection}`,
      );
    const rejected = tried.filter(({ rejection }) => rejection !== null).length;
    checks.add(
      'attacks-rejected',
      rejected === tried.length && rejected > 0,
      `${tried.length} attacks were tried, ${rejected} were rejected.${left.length > 0 ? ` This output gives no occasion for ${left.join(', ')}.` : ''}`,
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Such as a list without its first entry, where it had none. */
const isGenuine = (judged: Judged, { output, input }: Forged): boolean =>
  input === undefined && output.digest === judged.output.digest;

async function rejectionOf(judge: Judge, judged: Judged): Promise<string | null> {
  const checks = new CheckList();
  // What was forged has digests of its own; what was verified before stays verified.
  await judge({ ...judged, verified: new Set(judged.verified) }, checks);
  const failed = checks.checks.find(({ ok }) => !ok);
  if (failed) return `${failed.check}: ${failed.says}`;
  return checks.passed ? null : 'nothing could be checked';
}
