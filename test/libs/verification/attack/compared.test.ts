import { expect, test } from 'vitest';
import { accountForRun } from '../../../../activities/conclusion/account-for-run.js';
import { conclusionSchema, type NamedRefs } from '../../../../libs/contracts/phase.js';
import { phaseNames } from '../../../../libs/protocol/phases.js';
import { judge } from '../../../../libs/synthesis/judge.js';
import { readJudged } from '../../../../libs/synthesis/read-judged.js';
import { synthesise } from '../../../../libs/synthesis/synthesise.js';
import { Attackers } from '../../../../libs/verification/attack/attackers.js';
import { compared } from '../../../../libs/verification/attack/compared.js';
import { allForgeries } from '../../../../libs/verification/attack/forgeries.js';
import { MemoryStore } from '../../../../libs/verification/attack/memory-store.js';
import { OverlayStore } from '../../../../libs/verification/attack/overlay-store.js';
import type { Judged } from '../../../../libs/verification/judged.js';
import type { CleanRoom, Repetition } from '../../../../libs/verification/re-execution/clean-room.js';
import { accountAgain } from '../../../../libs/verification/re-execution/conclusion.js';
import { executeAgain } from '../../../../libs/verification/re-execution/execution.js';
import { judgeAgain } from '../../../../libs/verification/re-execution/judgement.js';
import { synthesiseAgain } from '../../../../libs/verification/re-execution/synthesis.js';
import { cleanRoom, failuresAgain } from '../../../support/clean-room.js';
import { inActivity } from '../../../support/in-activity.js';
import { judgedPhase } from '../../../support/judged-phase.js';
import { programsFolder } from '../../../support/segment-run.js';
import { trustIn } from '../../../support/signers.js';
import { recordsOf } from '../../../support/small-records.js';
import { type SmallRun, smallRun } from '../../../support/small-run.js';
import { stagedSegment } from '../../../support/staged-segment.js';
import { temporaryFolder } from '../../../support/temporary-folder.js';

/** Judges every forgery of an output by pass B itself, and by what pass C takes for its comparison. */
async function expectSame(
  small: Pick<SmallRun, 'folder' | 'trust'>,
  judged: Judged,
  repetition: Repetition,
  {
    only = /./,
    least = 11,
    ...more
  }: Partial<CleanRoom> & { readonly only?: RegExp; readonly least?: number } = {},
): Promise<void> {
  const room = await cleanRoom(small.folder, more);
  expect(await failuresAgain(repetition, judged, room)).toEqual({});
  const store = new OverlayStore(new MemoryStore(), judged.store);
  const genuine = { ...judged, store };
  const attackers = new Attackers(small.trust);
  let rejected = 0;
  for (const { name, forge } of await allForgeries({ judged: genuine, store, attackers })) {
    if (!only.test(name)) continue;
    const forged = await forge();
    // With other inputs pass B makes another output, which a comparison of the old one cannot know.
    if (!forged?.output || forged.input || forged.output.digest === judged.output.digest) continue;
    const whole = { ...genuine, ...forged };
    const again = await failuresAgain(repetition, whole, room);
    const found = (await compared(genuine, whole)) !== null;
    if (found) rejected += 1;
    expect({ name, rejected: found }).toEqual({ name, rejected: Object.keys(again).length > 0 });
  }
  expect(rejected).toBeGreaterThanOrEqual(least);
}

test('of coordinate it says what pass B finds of each forgery', async () => {
  const small = await smallRun();
  const synthesis = await synthesise(small.store, small.refs);
  await expectSame(small, await judgedPhase(small, 'coordinate', synthesis), synthesiseAgain);
});

test('of verify it says what pass B finds of each forgery', async () => {
  const small = await smallRun();
  const judgement = await judge(await readJudged(small.store, small.refs));
  await expectSame(small, await judgedPhase(small, 'verify', judgement), judgeAgain);
});

test('of conclude it says what pass B finds of each forgery', async () => {
  const small = await smallRun();
  const records: NamedRefs = await recordsOf(small, phaseNames.slice(0, 6), {});
  const phases = phaseNames.map((phase) => ({
    phase,
    state: records[phase] ? ('completed' as const) : ('not-started' as const),
    record: records[phase] ?? null,
  }));
  const { outcome } = await inActivity(() =>
    accountForRun(small)({ run: small.run, phases, failure: null, scratchFolders: 0 }),
  );
  const conclusion = await small.store.getJson(outcome.digest, conclusionSchema);
  await expectSame(small, await judgedPhase(small, 'conclude', conclusion, records), accountAgain);
});

test.each([40, 90])('of a segment of %i inputs it says what pass B finds of each forgery', async (count) => {
  const small = { folder: await temporaryFolder(), trust: trustIn() };
  const segment = { only: /^segment-/, least: 5, programsFolder };
  await expectSame(small, await stagedSegment(count), executeAgain, segment);
});
