import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { FaultTally } from '../../../../libs/contracts/evidence.js';
import { type PhaseName, phaseNames } from '../../../../libs/protocol/phases.js';
import { attack, type Workshop } from '../../../../libs/verification/attack/attack.js';
import { CheckList } from '../../../../libs/verification/check-list.js';
import type { Judge, Judged } from '../../../../libs/verification/judged.js';
import { selfCheck } from '../../../../libs/verification/self-check/self-check.js';
import { judgedPhase } from '../../../support/judged-phase.js';
import { plannedProcedure } from '../../../support/planned-procedure.js';
import { freshSigner } from '../../../support/signers.js';
import { type SmallRun, smallRun } from '../../../support/small-run.js';
import { turnsDuring } from '../../../support/turns-during.js';
import { namedAttacks } from './named-attacks.js';
import { occasions, withSegment } from './occasions.js';
import { stagedBy } from './staged-phases.js';

interface Attacked {
  readonly checks: CheckList;
  readonly tallies: readonly FaultTally[];
}

async function attacked(
  small: SmallRun,
  judged: Judged,
  workshop: Partial<Workshop> = {},
): Promise<Attacked> {
  const checks = new CheckList();
  const tallies = await attack(judged, checks, {
    scratch: join(small.folder, 'scratch'),
    signer: small.signers['verifier.c'],
    ...workshop,
  });
  return { checks, tallies };
}

const attackedPhase = async (phase: PhaseName, workshop: Partial<Workshop> = {}): Promise<Attacked> => {
  const small = await smallRun();
  return await attacked(small, await stagedBy[phase](small), workshop);
};

const failed = ({ checks }: Attacked): string[] =>
  checks.checks.filter(({ ok }) => !ok).map(({ check }) => check);

const saying = ({ checks }: Attacked, name: string): string | undefined =>
  checks.checks.find(({ check }) => check === name)?.says;

/** Names of the attacks that were tried, but for those on stored bytes, which are named after what the output names. */
const triedBy = ({ checks }: Attacked): string[] =>
  checks.checks
    .filter(({ check }) => /^attack:(?!(?:flipped-byte|cut-or-grown|removed):)/.test(check))
    .map(({ check }) => check.slice('attack:'.length));

async function stored({ store }: SmallRun): Promise<string[]> {
  const digests: string[] = [];
  for await (const { digest } of store.list()) digests.push(digest);
  return digests.sort();
}

/** Pass A that does not mind what some of its checks find. */
const ignoring =
  (ignored: RegExp): Judge =>
  async (judged, checks) => {
    const honest = new CheckList();
    await selfCheck(judged, honest);
    for (const { check, ok, says } of honest.checks) checks.add(check, ok || ignored.test(check), says);
  };

const blind: Judge = async (_, checks) => checks.add('looked', true, 'Looks fine.');

describe.each(phaseNames)('what %s stages', (phase) => {
  test('is accepted as it is, attacked in every way that is listed, in vain, and seeded with faults', async () => {
    const small = await smallRun();
    const tried = new Set<string>();
    const tallies: (readonly FaultTally[])[] = [];
    for (const staged of occasions[phase]) {
      const found = await attacked(small, await staged(small));
      expect(found.checks.checks.filter(({ ok }) => !ok)).toEqual([]);
      const names = triedBy(found);
      expect(names.length).toBe(new Set(names).size);
      for (const name of names) tried.add(name);
      tallies.push(found.tallies);
    }
    expect([...tried].sort()).toEqual([...namedAttacks[phase]].sort());

    const [first = []] = tallies;
    const judged = await stagedBy[phase](small);
    // the same faults each time, whatever was verified before, and some of each kind are seen
    expect((await attacked(small, { ...judged, verified: new Set() })).tallies).toEqual(first);
    const kinds = new Set(first.map(({ kind }) => kind));
    expect(kinds.size).toBeGreaterThan(8);
    const seen = first.filter(({ caught }) => caught > 0).map(({ kind }) => kind);
    expect(new Set(seen).size).toBeGreaterThan(8);
    for (const { seeded, caught } of first) expect(caught).toBeLessThanOrEqual(seeded);
  });

  test('shows a pass A that accepts everything', async () => {
    const found = await attackedPhase(phase, { judge: blind, compare: async () => null });
    const accepted = new Set(failed(found));
    const own = namedAttacks[phase].filter((name) => !/^(?:verdict|record)-/.test(name));
    const named = triedBy(found).filter((name) => own.includes(name));
    expect(named.filter((name) => !accepted.has(`attack:${name}`))).toEqual([]);
    expect(accepted).toContain('attacks-rejected');
    expect(accepted).toContain('faults-caught');
  });
});

test.each([
  ['ingest', /^request-told$/, 'request-of-another-run'],
  ['ingest', /^template-named$/, 'template-of-another-version'],
  ['ingest', /^classification-explained$/, 'complexity-forged'],
  ['assign', /^graph-sound$/, 'graph-with-a-circle'],
  ['assign', /^items-assigned$/, 'agent-without-the-capability'],
  ['execute', /^each-item-once$/, 'no-results'],
  ['execute', /^graph-grown-from-plan$/, 'more-at-once'],
  ['coordinate', /^inputs-are-results$/, 'input-dropped'],
  ['verify', /^decision-follows$/, 'decision-raised'],
  ['verify', /^standings-measured$/, 'measurements-altered'],
  ['deliver', /^fs-verity$/, 'listed-with-wrong-fsverity'],
  ['deliver', /^manifest-lists-files$/, 'listed-file-dropped'],
  ['conclude', /^records-match$/, 'phase-record-with-a-verdict-of-the-producer'],
  ['conclude', /^records-chained$/, 'chain-led-elsewhere'],
] as const)('a pass A of %s that does not mind %s is found', async (phase, ignored, name) => {
  const found = failed(await attackedPhase(phase, { judge: ignoring(ignored) }));
  expect(found).toContain(`attack:${name}`);
  expect(found).toContain('attacks-rejected');
});

test.each([
  [plannedProcedure, /^budgets-granted$/, ['profile-with-more-than-its-share', 'profile-left-out']],
  [plannedProcedure, /^control-files-told$/, ['step-left-out', 'steps-reordered', 'open-item-called-done']],
  [
    withSegment,
    /^result:lines$/,
    ['segment-result-dropped', 'segment-input-counted-twice', 'segment-digest-of-another'],
  ],
] as const)('of %o, a pass A that does not mind %s is found', async (staging, ignored, names) => {
  const small = await smallRun();
  const found = failed(await attacked(small, await staging(small), { judge: ignoring(ignored) }));
  expect(found).toEqual(expect.arrayContaining(names.map((name) => `attack:${name}`)));
});

test.each([
  [plannedProcedure, ['profile-scaled-less', 'scaling-hidden', 'step-refused', 'steps-at-once']],
  [withSegment, ['segment-status-flipped-throughout', 'segment-outputs-replaced-throughout']],
] as const)(
  'of %o, a pass B that compares nothing is found by what hangs together',
  async (staging, names) => {
    const small = await smallRun();
    const found = failed(await attacked(small, await staging(small), { compare: async () => null }));
    expect(found).toEqual(expect.arrayContaining(names.map((name) => `attack:${name}`)));
  },
);

test('a pass B that compares nothing is found, by what only it can see', async () => {
  const found = failed(await attackedPhase('coordinate', { compare: async () => null }));
  expect(found).toContain('attack:risk-invented');
  expect(found).toContain('faults-caught');
  expect(found).not.toContain('attack:input-dropped');
});

test('pass B of what is compared by digest sees every fault', async () => {
  for (const phase of ['coordinate', 'verify', 'deliver'] as const) {
    const { tallies } = await attackedPhase(phase);
    const b = tallies.filter(({ pass }) => pass === 'B');
    expect(b.length).toBeGreaterThan(5);
    expect(b.filter(({ seeded, caught }) => caught < seeded)).toEqual([]);
  }
});

test('it leaves nothing behind and does not write to the store that it attacks', async () => {
  const small = await smallRun();
  for (const phase of phaseNames) {
    const judged = await stagedBy[phase](small);
    const before = await stored(small);
    await attacked(small, judged);
    expect(await readdir(join(small.folder, 'scratch'))).toEqual([]);
    expect(await stored(small)).toEqual(before);
  }
});

test('the event loop comes round meanwhile', async () => {
  const small = await smallRun();
  const judged = await stagedBy.coordinate(small);
  expect(await turnsDuring(() => attacked(small, judged))).toBeGreaterThan(20);
});

test('attacks for which an output gives no occasion are named', async () => {
  const found = await attackedPhase('coordinate');
  expect(saying(found, 'attacks-rejected')).toMatch(
    / \d+ were rejected\. This output gives no occasion for missing-hidden, /,
  );
});

test('an output that is rejected as it is shows nothing, so it does not pass', async () => {
  const small = await smallRun();
  const found = await attacked(
    small,
    await judgedPhase(small, 'execute', { ...small.execution, results: [] }),
  );
  expect(found.checks.passed).toBe(false);
  expect(failed(found)).toEqual(['control']);
  expect(found.tallies).toEqual([]);
});

test('a verifier whose own verdicts would not count does not pass', async () => {
  const found = await attackedPhase('coordinate', { signer: freshSigner('verifier.c') });
  expect(failed(found)).toContain('control:verdicts');
  expect(saying(found, 'control:verdicts')).toContain('which is not pinned');
});

test('it ends when it is not wanted any more', async () => {
  const reason = new Error('not wanted');
  await expect(attackedPhase('verify', { signal: AbortSignal.abort(reason) })).rejects.toThrow(reason);
});
