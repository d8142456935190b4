import { describe, expect, test } from 'vitest';
import type { WorkGraph } from '../../../libs/contracts/graph.js';
import { synthesisSchema } from '../../../libs/contracts/reports/synthesis.js';
import { consolidate } from '../../../libs/synthesis/consolidate.js';
import { renderSynthesis } from '../../../libs/synthesis/render-synthesis.js';
import type { Collected } from '../../../libs/synthesis/report.js';
import { plainRun } from '../../support/plain-run.js';
import { analysis, collected, review, reviewGraph } from './reports.js';

const custom = (item: string, outcome: Record<string, unknown>): Collected =>
  collected(item, { kind: 'custom', outcome }, { agent: `agent.${item}` });

/** In it nothing competes. */
const uncontested: WorkGraph = { ...reviewGraph, items: [] };

const consolidated = (arrived: readonly Collected[], graph = uncontested) =>
  consolidate({ phase: 'p', arrived, missing: [], graph, weights: review.fitness });

describe('reports of a contract of the template’s own', () => {
  test('are taken in once each, whatever their order, with their plain fields and the length of their lists', () => {
    const one = custom('one', { b: 2, a: 'text', list: [1, 2], deep: { of: 1 }, none: null });
    const two = custom('two', { yes: true });
    const made = consolidated([two, one, one]);
    expect(made).toEqual(consolidated([one, two]));
    expect(synthesisSchema.parse(made)).toEqual(made);
    expect(made.inputs.map(({ item }) => item)).toEqual(['one', 'two']);
    expect(made.synthesis.reports).toEqual([
      { item: 'one', agent: 'agent.one', facts: { a: 'text', b: 2, none: null }, lists: { list: 2 } },
      { item: 'two', agent: 'agent.two', facts: { yes: true }, lists: {} },
    ]);
  });

  test('are told in bounds, however much they say', () => {
    const fields = Object.fromEntries(Array.from({ length: 60 }, (_, at) => [`field-${100 + at}`, at]));
    const made = consolidated([custom('one', { ...fields, 'a-text': 'x'.repeat(300) })]);
    const facts = made.synthesis.reports?.[0]?.facts ?? {};
    expect(Object.keys(facts)).toHaveLength(50);
    expect(facts['a-text']).toBe(`${'x'.repeat(199)}…`);
  });

  test('lead to a strategy, an order and risks that say what was done and by whom', () => {
    const made = consolidated([
      custom('one', { findings: [{ severity: 'critical' }, { severity: 'minor' }] }),
      custom('two', { findings: 'none' }),
    ]);
    expect(made.decisions.implementationStrategy).toBe(
      'Done: one by agent.one, two by agent.two. Nothing is changed; the reports are the result.',
    );
    expect(made.decisions.priorityOrder).toEqual(['one by agent.one', 'two by agent.two']);
    expect(made.synthesis.riskAssessment).toEqual([
      { risk: 'A report calls findings severe.', severity: 'major', evidence: 'one: 1 critical, 0 major.' },
      {
        risk: 'No tool of Heptad measured the subject: what the reports say rests on who made them.',
        severity: 'info',
        evidence: 'one by agent.one, two by agent.two',
      },
    ]);
  });

  test('take nothing from what follows of reports that were measured', () => {
    const without = consolidated(analysis(), reviewGraph);
    const made = consolidated([...analysis(), custom('one', { a: 1 })], reviewGraph);
    expect(made.decisions).toEqual(without.decisions);
    expect(made.synthesis.riskAssessment).toEqual(without.synthesis.riskAssessment);
    expect(without.synthesis).not.toHaveProperty('reports');
    expect(without).not.toHaveProperty('notNeeded');
  });

  test('are shown as text, escaped', async () => {
    const { synthesis } = await plainRun();
    const text = renderSynthesis(synthesis);
    expect(text).toContain('## Reports');
    expect(text).toContain('verdict: good ');
    expect(text).not.toContain('<b>');
    expect(text).toMatch(/Not needed:\n\n- extra/);
  });
});

describe('the whole run', () => {
  test('names what was needed and is missing apart from what was not needed', async () => {
    const { synthesis } = await plainRun({
      unfinished: [{ item: 'links', status: 'failed', code: 'AgentFailed' }],
    });
    expect(synthesis).toMatchObject({ missing: ['links'], notNeeded: ['extra'] });
    expect(synthesis.synthesis.riskAssessment[0]).toMatchObject({
      risk: 'Items have no result.',
      severity: 'critical',
      evidence: 'links',
    });
  });

  test('passes a checkpoint behind an item that was not needed, and not behind one that is missing', async () => {
    const checkpointOf = async (run: Awaited<ReturnType<typeof plainRun>>) => {
      const found = run.execution.results.find(({ item }) => item === 'checkpoint');
      return JSON.parse(String(await run.store.get(found?.outcome.digest ?? run.refs.request.digest)));
    };
    const good = await checkpointOf(await plainRun());
    expect(good.passed).toBe(true);
    expect(good.criteria.map(({ id }: { id: string }) => id)).toEqual([
      'all-completed',
      'no-critical-conflict',
      'risks-documented',
      'strategy-defined',
    ]);
    const bad = await checkpointOf(
      await plainRun({ unfinished: [{ item: 'links', status: 'failed', code: 'AgentFailed' }] }),
    );
    expect(bad.criteria[0]).toMatchObject({
      met: false,
      evidence: 'Missing: links (agent.links, AgentFailed).',
    });
    const alone = await checkpointOf(await plainRun({ shape: 'chain' }));
    expect(alone).toMatchObject({ passed: true, criteria: [{ evidence: '3 of 3: draft, polish, read.' }] });
  });
});
