import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { checkWaiver } from '../../../activities/evidence/check-waiver.js';
import type { ArtifactStore } from '../../../libs/artifacts/artifact-store.js';
import { openStore } from '../../../libs/artifacts/open-store.js';
import type { ArtifactRef } from '../../../libs/contracts/artifact.js';
import type { VerdictRef } from '../../../libs/contracts/evidence.js';
import type { Trust } from '../../../libs/crypto/trust.js';
import { signWaiver } from '../../../libs/evidence/waiver.js';
import { freshSigner, trustIn } from '../../support/signers.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const ada = freshSigner('person:ada');
const ref = (digit: string): ArtifactRef => ({
  digest: `sha256:${digit.repeat(64)}`,
  size: 1,
  mediaType: 'application/json',
});
const verdict = (pass: VerdictRef['pass'], digit: string, passed: boolean): VerdictRef => ({
  pass,
  passed,
  verdict: ref(digit),
  checks: 1,
  disagrees: false,
  failures: [],
});
const output = ref('a');
const verdicts = [verdict('A', '1', true), verdict('B', '3', false), verdict('C', '2', false)];
const waiver = signWaiver(
  ada,
  'run-1',
  {
    phase: 'verify',
    round: 1,
    output: output.digest,
    verdicts: [ref('2').digest, ref('3').digest],
    says: '',
    until: '',
  },
  { reason: 'It was looked at by hand.', at: '2026-01-05T09:00:00.000Z' },
);

describe('checking a waiver', () => {
  let folder: string;
  let store: ArtifactStore;
  let trusted: Trust;
  const problemsOf = async (given: ArtifactRef): Promise<readonly string[]> => {
    const check = checkWaiver({ store, trust: async () => trusted });
    const { problems } = await check({
      run: 'run-1',
      phase: 'verify',
      round: 1,
      output,
      verdicts,
      waiver: given,
    });
    return problems;
  };

  beforeEach(async () => {
    folder = await temporaryFolder();
    store = openStore(folder);
    trusted = trustIn(ada);
  });

  it('finds nothing where it is for the verdicts that did not pass', async () => {
    expect(await problemsOf(await store.putJson(waiver))).toEqual([]);
  });

  it('says why it does not count', async () => {
    const other = { ...waiver, round: 2 };
    expect(await problemsOf(await store.putJson(other))).toHaveLength(2);
  });

  it('asks each time who is trusted', async () => {
    const given = await store.putJson(waiver);
    trusted = trustIn();
    expect(await problemsOf(given)).toHaveLength(1);
    trusted = trustIn(ada);
    expect(await problemsOf(given)).toEqual([]);
  });

  it('refuses what is no waiver, is not there, is damaged, or is spelt otherwise', async () => {
    const { signature: _, ...unsigned } = waiver;
    const damaged = await store.putJson({ ...waiver, reason: 'Something else was written.' });
    const name = damaged.digest.slice('sha256:'.length);
    await writeFile(join(folder, 'sha256', name.slice(0, 2), name), JSON.stringify(waiver));
    for (const given of [
      await store.putJson(unsigned),
      await store.put('no JSON', 'application/json'),
      ref('f'),
      damaged,
      await store.put(JSON.stringify(waiver, null, 1), 'application/json'),
      await store.put('x'.repeat(300_000), 'application/json'),
    ])
      expect(await problemsOf(given)).toHaveLength(1);
  });
});
