import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunView } from '../../libs/contracts/run.js';
import { waiverSchema } from '../../libs/contracts/waiver.js';
import { type Ended, heptad } from '../support/heptad.js';
import { LiveStack, sound } from '../support/live-stack.js';
import { answer, rejection, serveVerifiers, verifierKeys } from '../support/other-verifiers.js';
import { readInPackage, type SealedRun, sealedRun } from '../support/sealed-run.js';
import { verdictOn } from '../support/service-signers.js';
import { notAsked, unproven, type Verified, verifyPackage } from '../support/verify-package.js';

let stack: LiveStack;
let stop: () => Promise<void>;
beforeAll(async () => {
  stack = await LiveStack.start();
  const keys = await verifierKeys(stack);
  await stack.kill('verify');
  stop = await serveVerifiers(stack, keys, {
    judge: (request) => {
      const rejected = request.phase === 'coordinate' && request.pass === 'B';
      return answer(stack.store, verdictOn(request, keys, rejected ? rejection : {}));
    },
  });
});
afterAll(async () => {
  await stop?.();
  await stack?.remove();
});

const reason = 'The synthesis was read by hand <b>and is right</b>.';

/** What a person on the service's machine calls, with a configuration folder of their own. */
const call = (configFolder: string, ...args: readonly string[]): Promise<Ended> =>
  heptad(['--server', stack.url, ...args], {
    env: { HEPTAD_CONFIG: configFolder, HEPTAD_DATA: stack.config.data },
  });

async function keyOf(configFolder: string, person: string): Promise<string> {
  await mkdir(configFolder, { recursive: true });
  const made = await call(configFolder, 'keys', 'new', '--person', person);
  expect(made.code).toBe(0);
  const file = join(stack.root, `${person}.json`);
  await writeFile(file, made.out);
  return file;
}

describe('a run of which a phase was rejected, and that waits for a person', () => {
  let waiting: RunView;
  let stranger: Ended;
  let still: RunView;
  let waived: Ended;
  let view: RunView;
  let run: SealedRun;
  let verified: Verified;
  beforeAll(async () => {
    const id = await stack.review(await stack.subject('waived', sound), undefined, { waiverWindow: 3600 });
    waiting = await stack.untilView(id, 'waiting for a person', ({ awaits }) => awaits !== null);

    const strange = join(stack.root, 'stranger');
    await keyOf(strange, 'bob');
    stranger = await call(strange, 'waive', id, 'coordinate', '--reason', reason);
    still = await stack.view(id);

    const { configFolder } = stack.config;
    const public_ = await keyOf(configFolder, 'ada');
    expect(await call(configFolder, 'keys', 'pin', public_, '--service')).toMatchObject({ code: 0 });
    waived = await call(configFolder, 'waive', id, 'coordinate', '--reason', reason);

    view = await stack.untilSealed(id);
    run = await sealedRun(stack, id);
    verified = await verifyPackage(configFolder, run.seal.folder);
  });

  test('says what it waits for', () => {
    expect(waiting).toMatchObject({ state: 'waiting', phase: 'coordinate', closedAt: null });
    expect(waiting.awaits).toMatchObject({ phase: 'coordinate', says: expect.stringContaining('pass B') });
  });

  test('refuses the waiver of a person whom nobody registered, and goes on waiting', () => {
    expect(stranger).toMatchObject({ code: 1, out: '', err: expect.stringContaining('WaiverInvalid') });
    expect(still).toMatchObject({ state: 'waiting', awaits: waiting.awaits });
  });

  test('goes on when a registered person waives, and delivers', () => {
    expect(waived).toMatchObject({ code: 0, err: '' });
    expect(view).toMatchObject({ state: 'completed', decision: 'PROCEED', failure: null });
    expect(view.package).toBe(run.seal.folder);
    const record = run.records.find(({ phase }) => phase === 'coordinate');
    expect(record?.verdicts.map(({ pass, passed }) => [pass, passed])).toEqual([
      ['A', true],
      ['B', false],
      ['C', true],
    ]);
    expect(record?.failure).toBe(null);
    expect(run.records.filter(({ waiver }) => waiver !== null)).toEqual([record]);
  });

  test('shows the waiver in the package', async () => {
    const { seal } = run;
    for (const folder of ['evidence', 'seal'])
      expect(
        waiverSchema.parse(await readInPackage(seal, `${folder}/waivers/4-coordinate.json`)),
      ).toMatchObject({
        ...{ run: view.id, phase: 'coordinate', by: 'person:ada', reason },
        ...{ output: waiting.awaits?.output, verdicts: waiting.awaits?.verdicts },
      });
    const report = await readFile(join(seal.folder, 'report.html'), 'utf8');
    expect(report).toContain('person:ada');
    expect(report).toContain('The synthesis was read by hand');
    expect(report).not.toContain('<b>and is right</b>');
  });

  test('has a package that is proven, and says who waived what', () => {
    expect(unproven(verified.report)).toEqual(notAsked);
    expect(verified.code).toBe(0);
    expect(verified.report.waivers).toEqual([
      { phase: 'coordinate', by: 'person:ada', reason, at: expect.any(String) },
    ]);
    expect(verified.report.says).toContain('waived');
  });
});
