import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { FaultTally } from '../../contracts/evidence.js';
import type { Signer } from '../../crypto/signer.js';
import { scratchPrefix } from '../../scratch/clean-up.js';
import { CheckList } from '../check-list.js';
import type { Judge, Judged } from '../judged.js';
import { selfCheck } from '../self-check/self-check.js';
import { Attackers } from './attackers.js';
import { Breath } from './breath.js';
import { type Comparing, compared } from './compared.js';
import { allForgeries } from './forgeries.js';
import type { Forged, ReadyForgery } from './forgery.js';
import { measureSignatures } from './measure-signatures.js';
import { measureVerifiers } from './measure-verifiers.js';
import { MemoryStore } from './memory-store.js';
import { OverlayStore } from './overlay-store.js';
import { recordAttacks } from './record-attacks.js';
import { rejectionBy } from './rejection.js';
import { RememberingStore } from './remembering-store.js';
import { RememberingTrust } from './remembering-trust.js';
import { storeAttacks } from './store-attacks.js';
import type { Tried } from './tried.js';
import { verdictAttacks } from './verdict-attacks.js';

export interface Workshop {
  readonly scratch: string;
  /** This verifier's own: verdicts that are passed off elsewhere are signed as real ones are. */
  readonly signer: Signer;
  readonly signal?: AbortSignal | undefined;
  /** The check that is attacked. Default: pass A itself. */
  readonly judge?: Judge;
  /** How pass B compares what was staged with what it makes again. Default: as it does. */
  readonly compare?: Comparing;
}

/** Faults that are named in a sentence. */
const shown = 5;

/**
 * Pass C: forges the output in every way that it knows, and verdicts and records on it, in a private store, and demands
 * that the very functions that reject such a thing in earnest do: those of pass A and of the store, the comparison of
 * pass B, the checks of verdicts and records. First what is genuine must be accepted: otherwise a rejection would show
 * nothing. Then faults are seeded to measure how many of them the verifiers see.
 *
 * @returns the figures; none where what is genuine is rejected
 */
export async function attack(judged: Judged, checks: CheckList, workshop: Workshop): Promise<FaultTally[]> {
  const { judge = selfCheck, compare = compared, signal } = workshop;
  const trust = new RememberingTrust((await judged.trust()).keys);
  const breath = new Breath();
  const store = new OverlayStore(new MemoryStore(), new RememberingStore(judged.store, breath));
  const genuine: Judged = {
    ...judged,
    store,
    signal,
    trust: async () => trust,
    fsverity: judged.fsverity ?? new Map(),
  };
  if (!(await isAccepted(genuine, judge, checks))) return [];

  const attackers = new Attackers(trust);
  const folder = await mkdtemp(join(workshop.scratch, `${scratchPrefix(judged.run)}attack-`));
  try {
    const forgeries = await allForgeries({ judged: genuine, store, attackers });
    const tried: Tried[] = [];
    const left: string[] = [];
    for (const forgery of forgeries) {
      signal?.throwIfAborted();
      await breath.take();
      const forged = await forgery.forge();
      if (forged === undefined || isGenuine(genuine, forged)) left.push(forgery.name);
      else tried.push(await tryIt(genuine, forgery, forged, { judge, compare }));
    }
    const verdicts = verdictAttacks(genuine, workshop.signer, trust, attackers);
    const records = recordAttacks(genuine, attackers);
    const damages = await storeAttacks(genuine, join(folder, 'damaged'));
    for (const [name, { control }] of Object.entries({ verdicts, records, damages }))
      checks.add(`control:${name}`, control === null, control ?? 'What is genuine was accepted.');
    tried.push(...verdicts.tried, ...records.tried, ...damages.tried);
    report(checks, tried, left);

    const faults = await measureVerifiers(genuine, {
      judge,
      compare,
      breath,
      folder: join(folder, 'flipped'),
    });
    const signatures = measureSignatures(judged.output.digest, [verdicts.signed, records.signed]);
    const missed = [...faults.missed, ...signatures.missed];
    const tallies = [...faults.tallies, signatures.tally];
    checks.add('faults-caught', missed.length === 0, told(tallies, missed, faults.open));
    return tallies;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function isAccepted(genuine: Judged, judge: Judge, checks: CheckList): Promise<boolean> {
  const found = new CheckList();
  await judge(genuine, found);
  const [refusal] = found.checks.filter(({ ok }) => !ok);
  checks.add(
    'control',
    found.passed,
    refusal
      ? `The output as it is was rejected (${refusal.check}: ${refusal.says}), so attacks on it would show nothing.`
      : 'The output as it is was accepted.',
  );
  return found.passed;
}

/** Such as a list without its first entry, where it had none. */
const isGenuine = (judged: Judged, { output, input }: Forged): boolean =>
  input === undefined && output?.digest === judged.output.digest && output.size === judged.output.size;

async function tryIt(
  genuine: Judged,
  { name, by }: ReadyForgery,
  forged: Forged,
  { judge, compare }: { readonly judge: Judge; readonly compare: Comparing },
): Promise<Tried> {
  const whole = { ...genuine, ...forged };
  const rejection = await rejectionBy(judge, whole);
  return { name, rejection: rejection ?? (by === 'B' ? await compare(genuine, whole) : null) };
}

function report(checks: CheckList, tried: readonly Tried[], left: readonly string[]): void {
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
}

function told(tallies: readonly FaultTally[], missed: readonly string[], open: readonly string[]): string {
  const by = (['A', 'B', 'C'] as const).flatMap((pass) => {
    const own = tallies.filter((tally) => tally.pass === pass);
    const sum = (of: (tally: FaultTally) => number): number => own.reduce((all, one) => all + of(one), 0);
    return own.length === 0
      ? []
      : `${pass} saw ${sum(({ caught }) => caught)} of ${sum(({ seeded }) => seeded)}`;
  });
  const named = (faults: readonly string[]): string =>
    faults.slice(0, shown).join(', ') + (faults.length > shown ? ` and ${faults.length - shown} more` : '');
  return [
    `Of the faults that were seeded, ${by.join(', ')}.`,
    ...(missed.length > 0 ? [`Nobody saw ${named(missed)}.`] : []),
    ...(open.length > 0 ? [`Left open, as nobody can tell: ${named(open)}.`] : []),
  ].join(' ');
}
