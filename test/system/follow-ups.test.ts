import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Discoveries, discoveriesSchema } from '../../libs/contracts/item-history.js';
import { acceptedRequestSchema } from '../../libs/contracts/phase.js';
import { type Resumption, resumptionSchema } from '../../libs/contracts/resumption.js';
import type { RunView } from '../../libs/contracts/run.js';
import { layout } from '../../libs/packaging/layout.js';
import { heptad } from '../support/heptad.js';
import { LiveStack } from '../support/live-stack.js';
import { readInPackage, type SealedRun, sealedRun } from '../support/sealed-run.js';
import { notAsked, unproven, verifyPackage } from '../support/verify-package.js';

let stack: LiveStack;
beforeAll(async () => {
  stack = await LiveStack.start();
});
afterAll(() => stack?.remove());

const call = async (...args: readonly string[]): Promise<string> => {
  const { code, out, err } = await heptad(['--server', stack.url, '--json', ...args], {
    env: { HEPTAD_DATA: stack.config.data },
  });
  expect([code, err]).toEqual([0, '']);
  return out;
};

/** The shipped cascade with room for its first wave alone: what the validation of that finds is left. */
async function shortCascade(): Promise<string> {
  const shipped = await readFile('libs/templates/self-improving-change.yaml', 'utf8');
  const source = shipped
    .replace('name: self-improving-change', 'name: short-cascade')
    .replace(/^emergence: .*$/m, 'emergence: { depth: 6, count: 4, cost: 2 hours, similarity: 0.8 }');
  const path = join(stack.root, 'short-cascade.yaml');
  await writeFile(path, source);
  await call('templates', 'create', path);
  return 'short-cascade';
}

const discoveriesOf = async (run: string): Promise<Discoveries['discoveries']> =>
  discoveriesSchema.parse(JSON.parse(await call('discoveries', run))).discoveries;

/** Items by their state, in the graph's order. */
const states = ({ items }: RunView): string[] => (items ?? []).map(({ id, status }) => `${id} ${status}`);

describe('a run that found more than its template has room for', () => {
  let first: RunView;
  let left: Discoveries['discoveries'];
  let second: RunView;
  let sealed: SealedRun;
  let resumption: Resumption;
  beforeAll(async () => {
    const template = await shortCascade();
    const input = { subject: await stack.fixture('stockroom') };
    first = await stack.untilSealed(await stack.start({ template, input }), 300_000);
    left = (await discoveriesOf(first.id)).filter(({ fate }) => fate === 'follow-up');
    second = await stack.untilSealed(JSON.parse(await call('continue', first.id, '--detach')).id, 300_000);
    sealed = await sealedRun(stack, second.id);
    resumption = resumptionSchema.parse(await readInPackage(sealed.seal, layout.reports.resumption));
  });

  test('completes, and leaves the rest as follow-ups', () => {
    expect(first).toMatchObject({ state: 'completed', decision: 'PROCEED' });
    expect(left.map(({ reason }) => reason)).toEqual(['More than 4 items would be added.']);
  });

  test('is continued by the command line with a run that completes', () => {
    expect(second).toMatchObject({
      ...{ state: 'completed', decision: 'PROCEED', failure: null, sealed: true },
      from: { run: first.id, how: 'continue' },
    });
    expect(states(second)).toEqual([
      ...['baseline completed', 'analyse-1 completed', 'implement-1 completed', 'validate-1 completed'],
    ]);
  });

  test('has its follow-ups done on what it delivered, and nothing of it again', async () => {
    const read = async (run: RunView, path: string) => await readFile(join(run.package ?? '', path), 'utf8');
    const { captured } = acceptedRequestSchema.parse(
      await readInPackage(sealed.seal, layout.reports.phase('ingest')),
    );
    expect(captured.snapshot).toEqual(resumption.captured.snapshot);
    expect(await read(first, layout.continuity)).toContain(captured.snapshot.digest);
    expect(await read(second, layout.artifacts.patch)).toMatch(/^diff --git /);
    expect(await read(second, layout.artifacts.patch)).not.toBe(await read(first, layout.artifacts.patch));
  });

  test('is named by the package of the run that continues it, with the follow-ups', async () => {
    expect(resumption).toMatchObject({ how: 'continue', run: first.id, results: [] });
    expect(resumption.discoveries.map(({ description }) => description)).toEqual(
      left.map(({ discovery }) => discovery?.description),
    );
    const page = await readFile(join(sealed.seal.folder, layout.report), 'utf8');
    expect(page).toContain(first.id);
    expect(page).toContain('done: analyse-1');
  });

  test('is continued by a run whose verdicts and package are proven', async () => {
    for (const { phase, verdicts } of sealed.records)
      expect([phase, verdicts.map(({ passed }) => passed)]).toEqual([phase, [true, true, true]]);
    const { code, report } = await verifyPackage(stack.config.configFolder, sealed.seal.folder);
    expect([code, unproven(report)]).toEqual([0, notAsked]);
  });
});
