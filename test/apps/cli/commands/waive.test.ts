import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AwaitedWaiver } from '../../../../libs/contracts/waiver.js';
import { openSigner } from '../../../../libs/crypto/open-signer.js';
import { readTrust } from '../../../../libs/crypto/read-trust.js';
import { waiverProblems } from '../../../../libs/evidence/waiver.js';
import { ApiDouble } from '../../../support/api-double.js';
import { heptad } from '../../../support/heptad.js';
import { acceptedView, wholeScript } from '../../../support/run-script.js';
import { temporaryFolder } from '../../../support/temporary-folder.js';

const awaits: AwaitedWaiver = {
  phase: 'execute',
  round: 1,
  output: `sha256:${'a'.repeat(64)}`,
  verdicts: [`sha256:${'b'.repeat(64)}`],
  says: 'Rejected by pass B: the tests differ',
  until: '2026-01-06T09:00:00.000Z',
};
const because = ['--reason', 'The test depends on the clock.'];

describe('heptad waive', () => {
  const api = new ApiDouble();
  let server: string;
  let config: string;
  const own = () => ({ keys: join(config, 'keys'), trust: join(config, 'keys') });
  const call = (...args: string[]) =>
    heptad(['--server', server, ...args], { env: { HEPTAD_DATA: config, HEPTAD_CONFIG: config } });

  beforeEach(async () => {
    api.runs.clear();
    api.waivers.length = 0;
    server = await api.start();
    config = await temporaryFolder();
    api.add(wholeScript(acceptedView('r1', { state: 'waiting', phase: 'execute', awaits })));
  });
  afterEach(() => api.stop());

  it('sends a waiver of exactly what is awaited, signed by the person', async () => {
    await openSigner(own(), 'person:ada');
    expect(await call('waive', 'r1', 'execute', ...because)).toMatchObject({
      code: 0,
      out: 'person:ada waived of execute: Rejected by pass B: the tests differ\n',
    });
    const [waiver] = api.waivers;
    if (!waiver) throw new Error('No waiver was sent.');
    expect(waiver).toMatchObject({ by: 'person:ada', reason: 'The test depends on the clock.' });
    const trust = await readTrust(own().trust);
    expect(waiverProblems(waiver, { ...awaits, run: 'r1' }, trust)).toEqual([]);
    expect(api.waivers).toHaveLength(1);
  });

  it('asks who, where there are several', async () => {
    for (const name of ['ada', 'bob'] as const) await openSigner(own(), `person:${name}`);
    expect(await call('waive', 'r1', 'execute', ...because)).toMatchObject({
      code: 2,
      err: expect.stringContaining('person:ada, person:bob'),
    });
    expect(await call('waive', 'r1', 'execute', ...because, '--person', 'bob')).toMatchObject({ code: 0 });
    expect(api.waivers).toMatchObject([{ by: 'person:bob' }]);
  });

  it('makes no key of its own', async () => {
    for (const person of [[], ['--person', 'ada']])
      expect(await call('waive', 'r1', 'execute', ...because, ...person)).toMatchObject({
        code: 1,
        err: expect.stringContaining('heptad keys new --person'),
      });
    expect(api.waivers).toEqual([]);
  });

  it.each([
    [['r1', 'deliver', ...because], 1, 'execute does'],
    [['r1', 'sleep', ...because], 2, '<phase>'],
    [['r1', 'execute', '--reason', 'Because.'], 2, '10 to 2000 characters'],
    [['r1', 'execute'], 2, '--reason'],
    [['r2', 'execute', ...because], 1, 'the run is running'],
    [['r3', 'execute', ...because], 1, 'start the workers'],
    [['r4', 'execute', ...because], 1, 'RunUnknown'],
  ])('refuses %j', async (args, code, says) => {
    api.add(wholeScript(acceptedView('r2')));
    api.add(wholeScript(acceptedView('r3', { state: 'waiting' })));
    await openSigner(own(), 'person:ada');
    expect(await call('waive', ...args)).toMatchObject({ code, err: expect.stringContaining(says) });
    expect(api.waivers).toEqual([]);
  });

  it('is what `heptad show` tells a person to do about a run that waits', async () => {
    const { out } = await call('show', 'r1');
    expect(out).toContain('execute waits for a person until 2026-01-06T09:00:00.000Z: Rejected by pass B');
    expect(out).toContain("heptad waive r1 execute --reason '…'");
    expect(out).toMatch(/waiting/);
  });
});
