import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { RunView } from '../../libs/contracts/run.js';
import { layout } from '../../libs/packaging/layout.js';
import { LiveStack } from '../support/live-stack.js';
import { notAsked, unproven, verifyPackage } from '../support/verify-package.js';

let stack: LiveStack;
beforeAll(async () => {
  stack = await LiveStack.start();
});
afterAll(() => stack?.remove());

const done = async (template: string, input: Record<string, unknown>): Promise<RunView> =>
  await stack.untilSealed(await stack.start({ template, input }), 300_000);

/** Items by their state, in the graph's order. */
const states = ({ items }: RunView): string[] =>
  (items ?? []).map(({ id, status, code }) => `${id} ${status}${code === null ? '' : ` ${code}`}`);

const folderOf = ({ package: folder }: RunView): string => {
  if (folder === null) throw new Error('It delivered nothing.');
  return folder;
};

const read = async <T>(view: RunView, path: string, schema: z.ZodType<T>): Promise<T> =>
  schema.parse(JSON.parse(await readFile(join(folderOf(view), path), 'utf8')));

async function proven(view: RunView): Promise<void> {
  const { code, report } = await verifyPackage(stack.config.configFolder, folderOf(view));
  expect([code, unproven(report)]).toEqual([0, notAsked]);
}

describe('threat-assessment', () => {
  const levelSchema = z.looseObject({ risk_level: z.string(), confidence: z.number() });

  test('analyses the high risk of a weak infrastructure deeper, and reports it', async () => {
    const view = await done('threat-assessment', { subject: await stack.fixture('shop') });
    expect([view.state, view.decision]).toEqual(['completed', 'PROCEED']);
    expect(states(view).slice(-4)).toEqual([
      'high-risk-analysis completed',
      'low-risk-summary skipped ConditionFalse',
      'standard-risk-review skipped ConditionFalse',
      'report completed',
    ]);
    const { risk_level } = await read(view, layout.reports.item('risk-assessment'), levelSchema);
    expect(risk_level).toBe('CRITICAL');
    await proven(view);
  });

  test('summarises the low risk of a hardened one', async () => {
    const view = await done('threat-assessment', { subject: await stack.fixture('shop-hardened') });
    expect(view.state).toBe('completed');
    expect(states(view).slice(-4)).toEqual([
      'high-risk-analysis skipped ConditionFalse',
      'low-risk-summary completed',
      'standard-risk-review skipped ConditionFalse',
      'report completed',
    ]);
  });
});

describe('request-improvement', () => {
  const request = [
    'Write a command line tool in TypeScript that converts CSV files to JSON for the data engineers of our team.',
    'It must accept a path as its first argument and print JSON to standard output.',
    'It must not need more than 100 MB of memory for a file of 1 GB.',
    'The input is UTF-8 text with a header line; the output is one JSON object per line.',
    'It is done when the tests in test/convert.test.ts pass and a file of 1 GB is converted in under 60 seconds.',
  ].join(' ');

  test('delivers a better request in which nothing is lost', async () => {
    const view = await done('request-improvement', { subject: `text:${request}` });
    expect([view.state, view.decision]).toEqual(['completed', 'PROCEED']);
    const improved = await readFile(join(folderOf(view), layout.artifacts.file('request.md')), 'utf8');
    for (const sentence of ['100 MB', '60 seconds', 'test/convert.test.ts', 'UTF-8'])
      expect(improved).toContain(sentence);
    await proven(view);
  });

  test('blocks a request of which too little is known', async () => {
    const view = await done('request-improvement', {
      subject: 'text:Make it somehow better and faster etc.',
    });
    expect(view.state).toBe('blocked');
    expect(states(view)[0]).toBe('deconstruct failed NotDone');
    expect(view.package).toBeNull();
  });
});

describe('structured-change', () => {
  test('goes through the whole process and is decided by the matrix', async () => {
    const view = await done('structured-change', {
      subject: await stack.subject('structured'),
      approval: { by: 'ada' },
    });
    expect(['completed', 'completed-conditionally']).toContain(view.state);
    const ended = states(view);
    for (const id of ['consolidation', 'checkpoint', 'core', 'integration', 'support', 'final-checkpoint'])
      expect(ended).toContain(`${id} completed`);
    const gateSchema = z.looseObject({ passed: z.boolean(), decision: z.string() });
    expect(await read(view, layout.reports.item('final-checkpoint'), gateSchema)).toMatchObject({
      passed: true,
      decision: view.decision,
    });
    await proven(view);
  });
});

describe('self-improving-change', () => {
  test('goes on from what its agents find until nothing is left', async () => {
    const view = await done('self-improving-change', { subject: await stack.fixture('stockroom') });
    expect([view.state, view.decision]).toEqual(['completed', 'PROCEED']);
    const bodies = states(view).map((state) => state.replace(/-\d+ completed$/, ''));
    expect(bodies.slice(0, 2)).toEqual(['baseline completed', 'analysis completed']);
    // The first wave, then what its validation found: analysis, implementation, validation.
    const emergent = bodies.slice(2);
    const second = emergent.lastIndexOf('analyse');
    expect(emergent.filter((body) => body === 'implement').length).toBeGreaterThanOrEqual(2);
    // Those of the first wave were done at once, on pieces that have no file in common.
    const wave = (view.items ?? []).filter(({ id }) => /^implement-[12]$/.test(id));
    const begun = wave.map(({ startedAt }) => Date.parse(startedAt ?? ''));
    const ended = wave.map(({ endedAt }) => Date.parse(endedAt ?? ''));
    expect(wave).toHaveLength(2);
    expect(Math.max(...begun)).toBeLessThan(Math.min(...ended));
    expect(emergent.slice(0, second)).toContain('validate');
    expect(emergent.slice(second)).toEqual(expect.arrayContaining(['analyse', 'implement', 'validate']));
    await proven(view);
  });
});

describe('procedure', () => {
  test('follows the steps of the repository, each on what the step before handed back', async () => {
    const view = await done('procedure', { subject: await stack.fixture('chores') });
    expect([view.state, view.decision]).toEqual(['completed', 'PROCEED']);
    const delivered = (path: string) => readFile(join(folderOf(view), layout.artifacts.file(path)), 'utf8');
    expect(await delivered('VERSION')).toBe('1.2.3\n');
    expect(await delivered('FILES')).toBe('version.mjs\n');
    await proven(view);
  });
});
